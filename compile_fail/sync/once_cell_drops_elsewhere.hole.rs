//! Hole: a `MutexGuard` is `Sync` but not `Send`, and here one thread locks and another unlocks; that is the bug.

use std::{cell::UnsafeCell, sync::MutexGuard};

struct OnceCell<T>(UnsafeCell<Option<T>>);

// SAFETY: claimed for sharing alone; the drop on another thread was forgotten.
unsafe impl<T: Sync> Sync for OnceCell<T> {}

fn main() {
    share(&OnceCell::<MutexGuard<'static, u8>>(UnsafeCell::new(None)));
}

fn share<T: Sync>(_value: &T) {}
