//! Two threads that store to two locations in opposite order may both lose their second store.
//!
//! Shape: 2+2W. One thread stores x = 1 and then y = 2, the other y = 1 and then x = 2. In every
//! interleaving the very last store is a 2, and yet both locations can end up with 1: Release
//! orders a store after what came before it only for a thread that acquires it, and here nobody
//! reads. All four must be SeqCst, or each thread needs a SeqCst fence, or they must be swaps,
//! which do read.
//!
//! Source: Alglave, Maranget and Tautschnig, TOPLAS 2014, section 4 (2+2W); ISO C++20
//! [atomics.order] p4.
//! Does not show: the outcome on x86, which keeps stores in order.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// One order of all four stores: the last of them is somebody's second.
    seq_cst: observes()
        .required([(1, 2), (2, 1), (2, 2)])
        .forbidden((1, 1), "each second store would come before the other thread's first")
        .alarms(Loom, [(1, 1)], SeqCstAsAcqRel)
        => opposite([SeqCst; 2], || {});
    /// One thread's second store is only Release.
    one_store_release: observes()
        .required([(1, 2), (2, 1), (2, 2)])
        .interesting((1, 1), "the Release store is not in the single order")
        .weak([(1, 1)])
        => opposite([SeqCst, Release], || {});
    /// Nobody reads, so nothing synchronises.
    release: observes()
        .required([(1, 2), (2, 1), (2, 2)])
        .interesting((1, 1), "the modification orders of x and y need not fit together")
        .weak([(1, 1)])
        => opposite([Release; 2], || {});
    /// A SeqCst fence between the stores of each thread.
    seq_cst_fences: observes()
        .required([(1, 2), (2, 1), (2, 2)])
        .forbidden((1, 1), "the store after the later fence replaces the one before the earlier")
        => opposite([Relaxed; 2], || fence(SeqCst));
    /// AcqRel fences have nothing to synchronise through.
    acq_rel_fences: observes()
        .required([(1, 2), (2, 1), (2, 2)])
        .interesting((1, 1), "without a load there is no synchronisation")
        .weak([(1, 1)])
        => opposite([Relaxed; 2], || fence(AcqRel));
    /// Swaps read what they replace: Acquire in the first and Release in the second is enough.
    swaps: observes()
        .required([(1, 2), (2, 1), (2, 2)])
        .forbidden((1, 1), "each thread's second swap would happen before the other's first")
        .slack("opposite_by_swaps: mine.swap", "Relaxed", "as LB: only RC11 forbids it anyway")
        .slack("opposite_by_swaps: other.swap", "Relaxed", "as LB: only RC11 forbids it anyway")
        => opposite_by_swaps();
}

/// The last values. The orderings are the second stores'; the first ones have the left one.
fn opposite(second: [Ordering; 2], between: fn()) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        for (mine, other, order) in [(&x, &y, second[0]), (&y, &x, second[1])] {
            s.spawn(move || {
                mine.store(1, second[0]); // SeqCst: before this thread's second store
                between(); // SeqCst: ordered with the other thread's fence
                other.store(2, order); // SeqCst: ordered with the other thread's first store
            });
        }
    });
    (x.load(Relaxed), y.load(Relaxed)) // Relaxed: the joins order all stores before them
}

fn opposite_by_swaps() -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        for (mine, other) in [(&x, &y), (&y, &x)] {
            s.spawn(move || {
                mine.swap(1, Acquire); // Acquire: pairs with the other thread's second swap
                other.swap(2, Release); // Release: pairs with the other thread's first swap
            });
        }
    });
    (x.load(Relaxed), y.load(Relaxed)) // Relaxed: the joins order all swaps before them
}
