//! A once-cell set on one thread is dropped on another: sharing it needs `T: Send`, not only `T: Sync`.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0101 (conquer-once before 0.3.2); the same in RUSTSEC-2021-0004 (lazy-init).

use std::{cell::UnsafeCell, sync::MutexGuard};

struct OnceCell<T>(UnsafeCell<Option<T>>);

// SAFETY: `get` shares the value (`T: Sync`), and the last owner drops what another thread set (`T: Send`).
unsafe impl<T: Send + Sync> Sync for OnceCell<T> {}

fn main() {
    share(&OnceCell::<MutexGuard<'static, u8>>(UnsafeCell::new(None)));
}

fn share<T: Sync>(_value: &T) {}
