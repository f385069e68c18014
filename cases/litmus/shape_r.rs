//! Winning the race to store last does not mean seeing what the loser stored before.
//!
//! Shape: R. One thread stores x and then y = 1; the other stores y = 2 and then loads x. If 2 is
//! the last value of y, the second thread "came later", and yet it may miss x: a store over a store
//! is no synchronisation, and the load may overtake the store before it. SeqCst accesses, all four,
//! or a SeqCst fence in each thread forbid it; so do swaps, see `shape_r_swaps`.
//!
//! Source: Alglave, Maranget and Tautschnig, TOPLAS 2014, section 4 (R); ISO C++20 [atomics.order]
//! p4.
//! Does not show: SB, where both threads load; here one of the races is between stores.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// One order of all four accesses.
    seq_cst: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .forbidden((2, 0), "x is stored before y = 1, that before y = 2, and that before the load")
        .alarms(Loom, [(2, 0)], SeqCstAsAcqRel)
        => race([SeqCst; 2], || {}, [SeqCst; 2], || {});
    /// The store of x is not in the order, although it is released by the next one.
    first_store_release: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .interesting((2, 0), "y = 2 replaces the SeqCst store without reading it")
        .weak([(2, 0)])
        => race([Release, SeqCst], || {}, [SeqCst; 2], || {});
    /// Neither y nor x tells the second thread anything.
    release_acquire: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .interesting((2, 0), "y = 2 is last, and x is still missed")
        .weak([(2, 0)])
        => race([Release; 2], || {}, [Release, Acquire], || {});
    /// A fence in each thread.
    seq_cst_fences: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .forbidden((2, 0), "the order of y's stores orders the fences")
        => race([Relaxed; 2], || fence(SeqCst), [Relaxed; 2], || fence(SeqCst));
    /// AcqRel fences do not order a store before a later load.
    acq_rel_fences: observes()
        .required([(1, 0), (1, 1), (2, 1)])
        .interesting((2, 0), "the load overtakes the store of y before it")
        .weak([(2, 0)])
        => race([Relaxed; 2], || fence(AcqRel), [Relaxed; 2], || fence(AcqRel));
}

/// The last value of y and what the second thread has seen of x.
fn race(
    left: [Ordering; 2],
    left_fence: fn(),
    right: [Ordering; 2],
    right_fence: fn(),
) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| {
            x.store(1, left[0]); // SeqCst: before this thread's store of y
            left_fence(); // SeqCst: ordered with the other thread's fence
            y.store(1, left[1]); // SeqCst: ordered with the other store of y
        });
        let right = s.spawn(|| {
            y.store(2, right[0]); // SeqCst: ordered with the other store of y
            right_fence(); // SeqCst: ordered with the other thread's fence
            x.load(right[1]) // SeqCst: reading 0, before the store of x
        });
        right.join().unwrap()
    });
    (y.load(Relaxed), seen) // Relaxed: the joins order both stores before it
}
