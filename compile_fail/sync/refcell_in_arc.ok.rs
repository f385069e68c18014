//! Fixed: `RwLock` keeps the same rule, many readers or one writer, and makes threads wait for it.

use std::sync::{Arc, RwLock};

fn main() {
    let log = Arc::new(RwLock::new(Vec::new()));
    let theirs = Arc::clone(&log);
    spawn(move || theirs.write().unwrap().push("hello"));
    println!("{:?}", log.read().unwrap());
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
