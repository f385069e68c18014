//! Fixed: the store publishes what came before it.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    ready.store(true, Ordering::Release);
}
