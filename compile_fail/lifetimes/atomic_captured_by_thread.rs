//! A closure that uses a local atomic borrows it, and a spawned thread may not borrow.
//!
//! Error: E0373
//! Source: std docs, `thread::spawn`; Rust error index, E0373.

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let stop = AtomicBool::new(false);
    spawn(|| stop.store(true, Ordering::Release));
    println!("{}", stop.load(Ordering::Acquire));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
