//! A swap that comes after another one has read it, so it can acquire what the other released.
//!
//! Shape: R with swaps in place of the racing stores. One thread stores x and swaps 1 into y; the
//! other swaps 2 into y and loads x. If 2 is the last value, the second swap has read the first:
//! Release in the one and Acquire in the other make a path from the store of x to its load, and no
//! SeqCst is needed. Plain stores of y cannot do this, see `shape_r`.
//!
//! Source: ISO C++20 [atomics.order] p2 and p10.
//! Does not show: the other direction; if 1 is the last value, x may be seen or missed.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Release before, Acquire after.
    release_acquire: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .forbidden((2, 0), "the second swap reads the first and acquires what it released")
        => race_by_swaps(Release, Acquire);
    /// Relaxed swaps have an order, and nothing around them has one.
    relaxed: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .interesting((2, 0), "reading the other swap with Relaxed acquires nothing")
        .weak([(2, 0)])
        => race_by_swaps(Relaxed, Relaxed);
    /// Acquire without a Release to pair with.
    acquire_only: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .interesting((2, 0), "the first swap publishes nothing, so there is nothing to acquire")
        .weak([(2, 0)])
        => race_by_swaps(Acquire, Acquire);
}

/// The last value of y and what the second thread has seen of x.
fn race_by_swaps(release: Ordering, acquire: Ordering) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| {
            x.store(1, Relaxed); // Relaxed: published by the swap
            y.swap(1, release); // Release: pairs with the other swap, if that comes later
        });
        let right = s.spawn(|| {
            y.swap(2, acquire); // Acquire: pairs with the other swap, if that came first
            x.load(Relaxed) // Relaxed: ordered by the swap
        });
        right.join().unwrap()
    });
    (y.load(Relaxed), seen) // Relaxed: the joins order both swaps before it
}
