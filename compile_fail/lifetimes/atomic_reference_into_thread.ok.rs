//! Fixed: a scope joins before the counter goes away; a `join` written by hand proves nothing to the compiler.

use std::sync::atomic::{AtomicUsize, Ordering};

fn main() {
    let counter = AtomicUsize::new(0);
    let counter_ref = &counter;
    std::thread::scope(|s| {
        s.spawn(move || counter_ref.fetch_add(1, Ordering::Relaxed));
    });
    println!("{}", counter.load(Ordering::Relaxed));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
