//! A `std` receiver has one consumer: workers may not take from it through a shared reference.
//!
//! Error: E0277
//! Source: std docs, `mpsc::Receiver` (`impl !Sync`); The Book, ch. 21.

use std::sync::{Arc, mpsc};

fn main() {
    let (tx, jobs) = mpsc::channel::<u32>();
    let jobs = Arc::new(jobs);
    for _ in 0..2 {
        let jobs = Arc::clone(&jobs);
        spawn(move || {
            let _job = jobs.try_recv();
        });
    }
    drop(tx);
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
