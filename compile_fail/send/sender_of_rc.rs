//! A channel is only as `Send` as its messages: a `Sender<Rc<_>>` stays where it is.
//!
//! Error: E0277
//! Source: std docs, `mpsc::Sender` (`impl<T: Send> Send`).

use std::rc::Rc;
use std::sync::mpsc;

fn main() {
    let (tx, rx) = mpsc::channel();
    let kept = Rc::new(7);
    let sent = Rc::clone(&kept);
    spawn(move || tx.send(sent).unwrap());
    println!("{} {kept}", rx.recv().unwrap());
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
