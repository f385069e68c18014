//! A SeqCst fence between store and load stops store buffering, if both threads have one.
//!
//! Shape: SB with Relaxed accesses and a fence in the middle of each thread. Of two SeqCst fences
//! one is first in the single order; what is stored before it is seen by the loads after the other.
//! A lone fence has nobody to be ordered with, and an AcqRel fence is not in the order at all. A
//! thread may also use SeqCst accesses against the other's fence, but then both of its accesses.
//!
//! Source: ISO C++20 [atomics.order] p4; Lahav et al., PLDI 2017 (RC11).
//! Minimal (seq_cst_fences): `seq_cst_fences: fence #1` SeqCst, `seq_cst_fences: fence #2` SeqCst
//! (ISO C++20 [atomics.order] p4).
//! Does not show: that a fence makes stores visible sooner; it orders, it does not flush.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// Two SeqCst fences, and Relaxed suffices for the accesses.
    seq_cst_fences: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .forbidden((0, 0), "the load after the later fence sees the store before the earlier one")
        => store_buffering(|| fence(SeqCst), Relaxed, || fence(SeqCst), Relaxed);
    /// AcqRel fences let a store pass a later load, as AcqRel accesses do.
    acq_rel_fences: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "an AcqRel fence does not order a store before a later load")
        .weak([(0, 0)])
        => store_buffering(|| fence(AcqRel), Relaxed, || fence(AcqRel), Relaxed);
    /// A fence on one side only: the other thread's load still overtakes its store.
    one_fence: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "the thread without a fence loads before it stores")
        .weak([(0, 0)])
        => store_buffering(|| fence(SeqCst), Relaxed, || {}, Relaxed);
    /// A fence on one side and SeqCst accesses on the other are in one order.
    fence_and_accesses: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .forbidden((0, 0), "if the fence is before the SeqCst load, x is seen; if after it, y is")
        .alarms(Loom, [(0, 0)], SeqCstAsAcqRel)
        => store_buffering(|| fence(SeqCst), SeqCst, || {}, SeqCst);
    /// With only the store in the order, the load after it is free.
    fence_and_store: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "the Relaxed load overtakes the SeqCst store before it")
        .weak([(0, 0)])
        => store_buffering(|| fence(SeqCst), SeqCst, || {}, Relaxed);
    /// With only the load in the order, the store before it is late.
    fence_and_load: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "the SeqCst load overtakes the Relaxed store before it")
        .weak([(0, 0)])
        => store_buffering(|| fence(SeqCst), Relaxed, || {}, SeqCst);
}

/// The left thread's accesses are Relaxed; `store` and `load` are the right thread's.
fn store_buffering(
    left_fence: fn(),
    store: Ordering,
    right_fence: fn(),
    load: Ordering,
) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        let left = s.spawn(|| {
            x.store(1, Relaxed); // Relaxed: the fence orders it
            left_fence(); // SeqCst: ordered with the right thread's fence, or with its accesses
            y.load(Relaxed) // Relaxed: the fence orders it
        });
        let right = s.spawn(|| {
            y.store(1, store); // SeqCst: ordered with the left thread's fence; Relaxed: no part
            right_fence(); // SeqCst: ordered with the left thread's fence
            x.load(load) // SeqCst: ordered with the left thread's fence; Relaxed: no part
        });
        (left.join().unwrap(), right.join().unwrap())
    })
}
