//! A function cannot return a reference into locked data: the lock is released when it returns.
//!
//! Error: E0515
//! Source: std docs, `MutexGuard` (`Deref` borrows from the guard).

use std::sync::Mutex;

fn main() {
    println!("{:?}", peek(&Mutex::new(vec![1, 2, 3])));
}

fn peek(queue: &Mutex<Vec<u32>>) -> Option<&u32> {
    queue.lock().unwrap().first()
}
