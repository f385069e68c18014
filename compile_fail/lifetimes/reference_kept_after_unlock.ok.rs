//! Fixed: the number is copied before the lock is released.

use std::sync::Mutex;

fn main() {
    let queue = Mutex::new(vec![1, 2, 3]);
    let guard = queue.lock().unwrap();
    let first = guard[0];
    drop(guard);
    println!("{first}");
}
