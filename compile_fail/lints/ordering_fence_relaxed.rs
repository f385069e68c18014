//! A relaxed fence would order nothing: `fence` panics on `Relaxed`.
//!
//! Lint: invalid_atomic_ordering
//! Source: The rustc book, lint listing, `invalid_atomic_ordering`.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    std::sync::atomic::fence(Ordering::Relaxed);
    println!("{ready:?}");
}
