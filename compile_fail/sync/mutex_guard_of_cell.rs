//! Sharing a guard shares the data behind it, so a guard is `Sync` only when its data is.
//!
//! Error: E0277
//! Source: CVE-2017-20004 (std before 1.19); again in RUSTSEC-2020-0072 (futures-intrusive), try-lock PR 8 and rust issue
//! 125526 (`ReentrantLockGuard`).

use std::cell::{Cell, UnsafeCell};

struct Mutex<T>(UnsafeCell<T>);
// SAFETY: the lock lets one thread at a time reach the value.
unsafe impl<T: Send> Sync for Mutex<T> {}

struct Guard<'a, T> {
    mutex: &'a Mutex<T>,
}

// SAFETY: a shared guard gives out `&T`, and `T: Sync` allows that.
unsafe impl<T: Sync> Sync for Guard<'_, T> {}

fn main() {
    let mutex = Mutex(UnsafeCell::new(Cell::new(0)));
    share(&Guard { mutex: &mutex });
}

fn share<T: Sync>(_value: &T) {}
