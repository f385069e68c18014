//! Hole: a `Clone` that counts its calls in a `Cell` is run by two threads; that is the bug.

use std::cell::{Cell, UnsafeCell};

struct Slot<T>(UnsafeCell<T>);

// SAFETY: claimed as for a channel that moves each message once.
unsafe impl<T: Send> Sync for Slot<T> {}

fn main() {
    share(&Slot(UnsafeCell::new(Cell::new(1))));
}

fn share<T: Sync>(_value: &T) {}
