//! A guard method that clones the owning `Arc` lets the value be dropped elsewhere, so that method alone needs `T: Send`.
//!
//! Error: E0277
//! Source: async-lock PR 50 (`MutexGuardArc::source`).

use std::sync::{Arc, Mutex, MutexGuard};

struct GuardArc<T: 'static> {
    source: Arc<Mutex<T>>,
    guard: MutexGuard<'static, T>,
}

impl<T> GuardArc<T> {
    fn source(guard: &Self) -> Arc<Mutex<T>>
    where
        T: Send,
    {
        Arc::clone(&guard.source)
    }
}

fn keep_alive(guard: &GuardArc<MutexGuard<'static, u8>>) -> usize {
    Arc::strong_count(&GuardArc::source(guard))
}

fn main() {}
