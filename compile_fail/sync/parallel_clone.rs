//! A broadcast that lets receivers clone the stored value at the same time needs `T: Sync`: `clone` takes `&T`.
//!
//! tokio kept `T: Send` and took a lock around the clone instead: a bound is one fix, serialising is the other.
//!
//! Error: E0277
//! Source: RUSTSEC-2025-0023 (tokio `broadcast` before 1.38.2, 1.42.1, 1.43.1, 1.44.2).

use std::cell::{Cell, UnsafeCell};

struct Slot<T>(UnsafeCell<T>);

// SAFETY: receivers clone through `&T` in parallel (`T: Sync`) and the last one drops it (`T: Send`).
unsafe impl<T: Send + Sync> Sync for Slot<T> {}

fn main() {
    share(&Slot(UnsafeCell::new(Cell::new(1))));
}

fn share<T: Sync>(_value: &T) {}
