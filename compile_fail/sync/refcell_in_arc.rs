//! `Arc` makes the count thread-safe, not the content: an `Arc<RefCell<_>>` may not cross.
//!
//! Error: E0277
//! Source: std docs, `Arc` ("Thread safety").

use std::cell::RefCell;
use std::sync::Arc;

fn main() {
    let log = Arc::new(RefCell::new(Vec::new()));
    let theirs = Arc::clone(&log);
    spawn(move || theirs.borrow_mut().push("hello"));
    println!("{:?}", log.borrow());
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
