//! Fixed: the message may cross because both owners count atomically.

use std::sync::Arc;
use std::sync::mpsc;

fn main() {
    let (tx, rx) = mpsc::channel();
    let kept = Arc::new(7);
    let sent = Arc::clone(&kept);
    spawn(move || tx.send(sent).unwrap());
    println!("{} {kept}", rx.recv().unwrap());
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
