//! A store has nothing to acquire: `store` takes `Relaxed`, `Release` or `SeqCst`, and panics on the rest.
//!
//! Lint: invalid_atomic_ordering
//! Source: The rustc book, lint listing, `invalid_atomic_ordering`.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    ready.store(true, Ordering::Acquire);
}
