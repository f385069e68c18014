//! A `compare_exchange` that fails is only a load, so its failure ordering cannot be `Release` or `AcqRel`.
//!
//! Lint: invalid_atomic_ordering
//! Source: The rustc book, lint listing, `invalid_atomic_ordering`.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    let _seen = ready.compare_exchange(false, true, Ordering::AcqRel, Ordering::Release);
}
