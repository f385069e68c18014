//! Fixed: the mutex makes the workers take turns at the one receiver.

use std::sync::{Arc, Mutex, mpsc};

fn main() {
    let (tx, jobs) = mpsc::channel::<u32>();
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..2 {
        let jobs = Arc::clone(&jobs);
        spawn(move || {
            let _job = jobs.lock().unwrap().try_recv();
        });
    }
    drop(tx);
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
