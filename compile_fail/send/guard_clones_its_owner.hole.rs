//! Hole: any thread that can see the guard can become the last owner; that is the bug.

use std::sync::{Arc, Mutex, MutexGuard};

struct GuardArc<T: 'static> {
    source: Arc<Mutex<T>>,
    guard: MutexGuard<'static, T>,
}

impl<T> GuardArc<T> {
    fn source(guard: &Self) -> Arc<Mutex<T>> {
        Arc::clone(&guard.source)
    }
}

fn keep_alive(guard: &GuardArc<MutexGuard<'static, u8>>) -> usize {
    Arc::strong_count(&GuardArc::source(guard))
}

fn main() {}
