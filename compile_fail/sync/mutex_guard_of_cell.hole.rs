//! Hole: the guard inherits the mutex's `Sync`, so two threads reach one `Cell` with the lock held once; that is the bug.

use std::cell::{Cell, UnsafeCell};

struct Mutex<T>(UnsafeCell<T>);
// SAFETY: the lock lets one thread at a time reach the value.
unsafe impl<T: Send> Sync for Mutex<T> {}

struct Guard<'a, T> {
    mutex: &'a Mutex<T>,
}

fn main() {
    let mutex = Mutex(UnsafeCell::new(Cell::new(0)));
    share(&Guard { mutex: &mutex });
}

fn share<T: Sync>(_value: &T) {}
