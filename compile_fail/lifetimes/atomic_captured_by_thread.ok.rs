//! Fixed: each side owns a handle, and the flag lives as long as the last of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let stop = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&stop);
    spawn(move || theirs.store(true, Ordering::Release));
    println!("{}", stop.load(Ordering::Acquire));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
