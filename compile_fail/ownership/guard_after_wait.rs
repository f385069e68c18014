//! Waiting on a condition variable gives the guard up: it cannot be used again, only the one that `wait` returns.
//!
//! Two mistakes here have no compile-time answer: `if` in place of `while`, and waiting on one `Condvar` with two mutexes
//! (std may panic).
//!
//! Error: E0382
//! Source: std docs, `Condvar::wait` (takes the guard by value).

use std::sync::{Condvar, Mutex};

fn wait_until_ready(ready: &Mutex<bool>, changed: &Condvar) {
    let guard = ready.lock().unwrap();
    while !*guard {
        let _ = changed.wait(guard).unwrap();
    }
}

fn main() {
    wait_until_ready(&Mutex::new(true), &Condvar::new());
}
