//! An `Rc` may not reach another thread: its count is plain memory, so two owners would race on it.
//!
//! Error: E0277
//! Source: std docs, `std::rc`; Rustonomicon, "Send and Sync".

use std::rc::Rc;

fn main() {
    let name = Rc::new(String::from("worker"));
    let theirs = Rc::clone(&name);
    spawn(move || println!("{theirs}"));
    println!("{name}");
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
