//! A reference to a local atomic cannot go to a spawned thread: being atomic does not make it live longer.
//!
//! Error: E0597
//! Source: std docs, `thread::spawn` (`F: 'static`) and `thread::scope`.

use std::sync::atomic::{AtomicUsize, Ordering};

fn main() {
    let counter = AtomicUsize::new(0);
    let counter_ref = &counter;
    spawn(move || {
        counter_ref.fetch_add(1, Ordering::Relaxed);
    });
    println!("{}", counter.load(Ordering::Relaxed));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
