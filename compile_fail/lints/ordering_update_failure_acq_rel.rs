//! `fetch_update` takes its load ordering second, and a load cannot be `AcqRel`.
//!
//! Lint: invalid_atomic_ordering
//! Source: The rustc book, lint listing, `invalid_atomic_ordering`.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    let _seen = ready.fetch_update(Ordering::AcqRel, Ordering::AcqRel, |old| Some(!old));
}
