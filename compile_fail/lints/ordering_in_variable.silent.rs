//! Silent: an invalid ordering that arrives through a variable is not seen; the store panics when it runs.
//!
//! Lint: invalid_atomic_ordering
//! Source: std docs, `AtomicBool::store` ("Panics"); run on 1.95.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

static READY: AtomicBool = AtomicBool::new(false);

fn main() {
    let ordering = Ordering::Acquire;
    READY.store(true, ordering);
}
