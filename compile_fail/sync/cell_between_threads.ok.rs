//! Fixed: an atomic adds in one step; rewriting it as a load and a store would compile and lose counts.

use std::sync::atomic::{AtomicU32, Ordering};

fn main() {
    let hits = AtomicU32::new(0);
    both(|| {
        hits.fetch_add(1, Ordering::Relaxed);
    });
}

fn both<F: Fn() + Sync>(job: F) {
    std::thread::scope(|s| {
        s.spawn(|| job());
        job();
    });
}
