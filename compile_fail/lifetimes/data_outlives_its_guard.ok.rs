//! Fixed: the value is copied out while the lock is held.

use std::sync::Mutex;

fn main() {
    println!("{:?}", peek(&Mutex::new(vec![1, 2, 3])));
}

fn peek(queue: &Mutex<Vec<u32>>) -> Option<u32> {
    queue.lock().unwrap().first().copied()
}
