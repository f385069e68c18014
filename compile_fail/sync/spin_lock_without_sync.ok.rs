//! Fixed: `T: Send` is the whole bound: the lock passes the value from thread to thread, never shares it.

use std::{cell::UnsafeCell, sync::atomic::AtomicBool};

struct SpinLock<T> {
    locked: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: the lock lets one thread at a time reach the value, and `T: Send` lets it be any thread.
unsafe impl<T: Send> Sync for SpinLock<T> {}

fn main() {
    share(&SpinLock {
        locked: AtomicBool::new(false),
        value: UnsafeCell::new(7),
    });
}

fn share<T: Sync>(_value: &T) {}
