//! A hand-written lock over `UnsafeCell` is not `Sync` by itself: its author claims it, with a bound that makes it true.
//!
//! Whether the lock is right (its orderings) has no compile-time answer; the spin lock's engine cases check that.
//!
//! Error: E0277
//! Source: std docs, `UnsafeCell` (`impl !Sync`); Mara Bos, "Rust Atomics and Locks" (2023), ch. 4.

use std::{cell::UnsafeCell, sync::atomic::AtomicBool};

struct SpinLock<T> {
    locked: AtomicBool,
    value: UnsafeCell<T>,
}

fn main() {
    share(&SpinLock {
        locked: AtomicBool::new(false),
        value: UnsafeCell::new(7),
    });
}

fn share<T: Sync>(_value: &T) {}
