//! Fixed: one read-modify-write, never a load and a store.

#![deny(clippy::mutex_integer)]

use std::sync::atomic::{AtomicU64, Ordering};

fn main() {
    let hits = AtomicU64::new(0);
    hits.fetch_add(1, Ordering::Relaxed);
}
