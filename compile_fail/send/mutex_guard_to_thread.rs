//! A lock guard may not be sent away: some systems require the thread that locked to be the one that unlocks.
//!
//! Error: E0277
//! Source: std docs, `MutexGuard` (`impl !Send`); POSIX `pthread_mutex_unlock`.

use std::sync::Mutex;

static TOTAL: Mutex<u64> = Mutex::new(0);

fn main() {
    let mut total = TOTAL.lock().unwrap();
    spawn(move || {
        *total += 1;
    });
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
