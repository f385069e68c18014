//! Fixed: each turn of the loop owns the guard that the wait returned.

use std::sync::{Condvar, Mutex};

fn wait_until_ready(ready: &Mutex<bool>, changed: &Condvar) {
    let mut guard = ready.lock().unwrap();
    while !*guard {
        guard = changed.wait(guard).unwrap();
    }
}

fn main() {
    wait_until_ready(&Mutex::new(true), &Condvar::new());
}
