//! A reference into locked data dies with the guard: unlocking first and reading later is refused.
//!
//! Error: E0505
//! Source: std docs, `MutexGuard`; Rust error index, E0505.

use std::sync::Mutex;

fn main() {
    let queue = Mutex::new(vec![1, 2, 3]);
    let guard = queue.lock().unwrap();
    let first = &guard[0];
    drop(guard);
    println!("{first}");
}
