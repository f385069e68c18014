//! A load publishes nothing: `load` takes `Relaxed`, `Acquire` or `SeqCst`, and panics on the rest.
//!
//! Lint: invalid_atomic_ordering
//! Source: The rustc book, lint listing, `invalid_atomic_ordering`.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    println!("{}", ready.load(Ordering::Release));
}
