//! Fixed: the thread that writes takes the lock itself.

use std::sync::Mutex;

static TOTAL: Mutex<u64> = Mutex::new(0);

fn main() {
    spawn(move || {
        let mut total = TOTAL.lock().unwrap();
        *total += 1;
    });
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
