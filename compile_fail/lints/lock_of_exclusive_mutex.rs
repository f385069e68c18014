//! With `&mut Mutex` no other thread can hold it: locking is needless work.
//!
//! Lint: clippy::mut_mutex_lock
//! Source: clippy lint list, `mut_mutex_lock`.

#![deny(clippy::mut_mutex_lock)]

use std::sync::Mutex;

fn reset(total: &mut Mutex<u32>) {
    *total.lock().unwrap() = 0;
}

fn main() {
    reset(&mut Mutex::new(1));
}
