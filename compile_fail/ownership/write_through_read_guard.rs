//! A read guard gives shared access only: many threads may hold one at the same time.
//!
//! Error: E0594
//! Source: std docs, `RwLockReadGuard` (no `DerefMut`).

use std::sync::RwLock;

fn main() {
    let limit = RwLock::new(10);
    let guard = limit.read().unwrap();
    *guard = 20;
}
