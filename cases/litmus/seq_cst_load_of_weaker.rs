//! A SeqCst load may read a store that is not SeqCst, also one that a SeqCst store has overtaken, unless the order says that it came before.
//!
//! Shape: one thread stores 1 into x, Relaxed, another 2, SeqCst, and a third loads x, SeqCst. All of 0, 1
//! and 2 can be read: a SeqCst store keeps nobody from older values by itself. In the second program it is
//! known that the store was before: its thread has then missed y, which the third had stored before its
//! load. The initial value is out of reach then, and so is a 1 that the 2 has replaced; but not a 1 that
//! has replaced the 2.
//!
//! Source: miri issue 5179, 2026 (a checker that gives 2 alone); ISO C++20 [atomics.order] p3 and p4.
//! Does not show: a weaker store between SeqCst ones, see `seq_cst_store_replaced`.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Nothing says which was first.
    any_of_three: observes().required([0, 1, 2]) => load_beside_two();
    /// Whether y was missed, by 0; what was read of x; what is left there.
    store_was_before: observes()
        .required([(1, 0, 1), (1, 0, 2), (1, 1, 1), (1, 1, 2), (1, 2, 1), (1, 2, 2)])
        .required([(0, 1, 1), (0, 2, 1), (0, 2, 2)])
        .forbidden((0, 0, 1), "the SeqCst store was before the load")
        .forbidden((0, 0, 2), "the SeqCst store was before the load")
        .forbidden((0, 1, 2), "the 1 was replaced by the SeqCst store, which was before the load")
        .alarms(Loom, [(0, 0, 1), (0, 0, 2), (0, 1, 2)], SeqCstAsAcqRel)
        => load_after_missing(SeqCst);
    /// A load that is not SeqCst is nowhere in the order.
    acquire_load: observes()
        .required([(1, 0, 1), (1, 0, 2), (1, 1, 1), (1, 1, 2), (1, 2, 1), (1, 2, 2)])
        .required([(0, 1, 1), (0, 2, 1), (0, 2, 2)])
        .interesting((0, 0, 1), "the load overtakes the store of y")
        .interesting((0, 0, 2), "the load overtakes the store of y")
        .interesting((0, 1, 2), "the load overtakes the store of y")
        .weak([(0, 0, 1), (0, 0, 2), (0, 1, 2)])
        => load_after_missing(Acquire);
}

fn load_beside_two() -> u32 {
    let x = AtomicU32::new(0);
    thread::scope(|s| {
        s.spawn(|| x.store(1, Relaxed)); // Relaxed: outside of the single order
        s.spawn(|| x.store(2, SeqCst)); // SeqCst: before or after the load
        s.spawn(|| x.load(SeqCst)).join().unwrap() // SeqCst: before or after the store
    })
}

fn load_after_missing(load: Ordering) -> (u32, u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let (sees_y, sees_x) = thread::scope(|s| {
        s.spawn(|| x.store(1, Relaxed)); // Relaxed: outside of the single order
        let second = s.spawn(|| {
            x.store(2, SeqCst); // SeqCst: before this thread's load
            y.load(SeqCst) // SeqCst: reading 0, before the store of y
        });
        let third = s.spawn(|| {
            y.store(1, SeqCst); // SeqCst: before this thread's load
            x.load(load) // SeqCst: after the store of y
        });
        (second.join().unwrap(), third.join().unwrap())
    });
    (sees_y, sees_x, x.into_inner())
}
