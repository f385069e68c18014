//! Fixed: every thread owns a handle to the one mutex.

use std::sync::{Arc, Mutex};

fn main() {
    let counter = Arc::new(Mutex::new(0));
    for _ in 0..2 {
        let counter = Arc::clone(&counter);
        spawn(move || *counter.lock().unwrap() += 1);
    }
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
