//! A `move` closure in a loop moves its capture the first time round: a value cannot be given to many threads.
//!
//! Error: E0382
//! Source: The Book, ch. 16.3 ("Sharing a `Mutex<T>` between multiple threads").

use std::sync::Mutex;

fn main() {
    let counter = Mutex::new(0);
    for _ in 0..2 {
        spawn(move || *counter.lock().unwrap() += 1);
    }
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
