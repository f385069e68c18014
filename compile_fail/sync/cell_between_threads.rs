//! A `Cell` may not be shared between threads: its `set` is a plain write that nothing orders.
//!
//! Reading and writing an atomic in two steps has no compile-time answer: that is a race condition, not a data race.
//!
//! Error: E0277
//! Source: std docs, `Cell` (`impl !Sync`).

use std::cell::Cell;

fn main() {
    let hits = Cell::new(0);
    both(|| hits.set(hits.get() + 1));
}

fn both<F: Fn() + Sync>(job: F) {
    std::thread::scope(|s| {
        s.spawn(|| job());
        job();
    });
}
