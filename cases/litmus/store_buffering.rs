//! Two threads that each store and then look at the other may both miss the other's store.
//!
//! Shape: SB, the heart of Dekker's and Peterson's algorithms. Each thread stores to its own
//! location and loads the other's. A load may overtake an earlier store to another location (on
//! x86: through the store buffer), and Release and Acquire do not forbid it: they order nothing
//! between a store and a *later* load. Only the single order of SeqCst operations does, and only if
//! all four accesses are in it.
//!
//! Source: ISO C++20 [atomics.order] p4; Owens, Sarkar and Sewell, TPHOLs 2009, section 2 (x86).
//! Minimal: `store_buffering: x.store` SeqCst, `store_buffering: y.load` SeqCst, `store_buffering:
//! y.store` SeqCst, `store_buffering: x.load` SeqCst (Bos, Rust Atomics and Locks, 2023, chapter
//! 3).
//! Does not show: that hardware reorders here; the counts on real threads show how often it does.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// One of the two always sees the other.
    seq_cst: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .forbidden((0, 0), "the first store in the single order is seen by the other thread")
        .alarms(Loom, [(0, 0)], SeqCstAsAcqRel)
        => store_buffering([SeqCst; 2], [SeqCst; 2]);
    /// One load outside the single order gives up what the other three were meant to give.
    one_load_acquire: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "the Acquire load overtakes the SeqCst store before it")
        .weak([(0, 0)])
        => store_buffering([SeqCst; 2], [SeqCst, Acquire]);
    /// So does one store outside it.
    one_store_release: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "the SeqCst load overtakes the Release store before it")
        .weak([(0, 0)])
        => store_buffering([SeqCst, Release], [SeqCst; 2]);
    /// Release and Acquire let both loads overtake the stores before them.
    release_acquire: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "each load overtakes the store before it")
        .weak([(0, 0)])
        => store_buffering([Release; 2], [Acquire; 2]);
    /// Relaxed allows the same.
    relaxed: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "each load overtakes the store before it")
        .weak([(0, 0)])
        => store_buffering([Relaxed; 2], [Relaxed; 2]);
}

/// The orderings of the left thread come first.
fn store_buffering(stores: [Ordering; 2], loads: [Ordering; 2]) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        let left = s.spawn(|| {
            x.store(1, stores[0]); // SeqCst: before this thread's load in the single order
            y.load(loads[0]) // SeqCst: reading 0, it is before the other thread's store
        });
        let right = s.spawn(|| {
            y.store(1, stores[1]); // SeqCst: before this thread's load in the single order
            x.load(loads[1]) // SeqCst: reading 0, it is before the other thread's store
        });
        (left.join().unwrap(), right.join().unwrap())
    })
}
