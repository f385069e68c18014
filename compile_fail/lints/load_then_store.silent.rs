//! Silent: moving from the mutex to an atomic load and store loses counts, SeqCst or not, and no lint sees it.
//!
//! Lint: clippy::mutex_integer
//! Source: Rustonomicon, "Data Races and Race Conditions"; run on 1.95.

#![deny(clippy::mutex_integer)]

use std::sync::atomic::{AtomicU64, Ordering};

static HITS: AtomicU64 = AtomicU64::new(0);

fn count() {
    let hits = HITS.load(Ordering::SeqCst);
    HITS.store(hits + 1, Ordering::SeqCst);
}

fn main() {
    count();
}
