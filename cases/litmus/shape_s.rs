//! A store that happens before another store of the same location is overwritten by it.
//!
//! Shape: S. One thread stores x = 2 and raises y; the other sees y and stores x = 1. If y is
//! released and acquired, 2 is the older value and cannot be the last: happens-before extends to
//! the order in which stores replace each other. With either end Relaxed the first thread's store
//! may land last and undo the second's, though the second thread knew that the first was done.
//!
//! Source: Alglave, Maranget and Tautschnig, TOPLAS 2014, section 4 (S); ISO C++20 [intro.races]
//! p15.
//! Does not show: the outcome where y is not seen; then either value may be last.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The stores of x are Relaxed; the pair on y orders them.
    release_acquire: observes()
        .required([(0, 1), (0, 2), (1, 1)])
        .forbidden((1, 2), "the store of 2 happens before the store of 1")
        => reset([Relaxed; 2], || {}, Release, Acquire, || {});
    /// Fences instead.
    fences: observes()
        .required([(0, 1), (0, 2), (1, 1)])
        .forbidden((1, 2), "the store of 2 happens before the store of 1")
        => reset([Relaxed; 2], || fence(Release), Relaxed, Relaxed, || fence(Acquire));
    /// SeqCst stores of x do not help if y is not released.
    relaxed_store: observes()
        .required([(0, 1), (0, 2), (1, 1)])
        .interesting((1, 2), "the store of 2 lands after y was seen")
        .weak([(1, 2)])
        => reset([SeqCst; 2], || {}, Relaxed, Acquire, || {});
    /// Nor if y is not acquired.
    relaxed_load: observes()
        .required([(0, 1), (0, 2), (1, 1)])
        .interesting((1, 2), "the store of 1 does not wait for what y stands for")
        .weak([(1, 2)])
        => reset([SeqCst; 2], || {}, Release, Relaxed, || {});
}

/// What was seen of y and the last value of x; `of_x` is the ordering of the two stores of x.
fn reset(
    of_x: [Ordering; 2],
    release: fn(),
    store: Ordering,
    load: Ordering,
    acquire: fn(),
) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| {
            x.store(2, of_x[0]); // Relaxed: ordered by the pair on y
            release(); // Release: pairs with the other thread's fence
            y.store(1, store); // Release: pairs with the load of y
        });
        let right = s.spawn(|| {
            let seen = y.load(load); // Acquire: pairs with the store of y
            acquire(); // Acquire: pairs with the other thread's fence
            x.store(1, of_x[1]); // Relaxed: ordered by the pair on y
            seen
        });
        right.join().unwrap()
    });
    (seen, x.load(Relaxed)) // Relaxed: the joins order both stores before it
}
