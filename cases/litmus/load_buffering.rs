//! Two threads that each load and then store may both load what the other stores later.
//!
//! Shape: LB. Each thread loads one location and then stores to the other. C++ and Rust allow both
//! loads to read the other thread's later store as long as no Acquire load meets a Release store;
//! compilers and Arm may reorder so. One synchronising pair forbids it, since the other load then
//! happens before the store that it would read. A value that nobody computes should not appear.
//!
//! Source: ISO C++20 [atomics.order] p8 and p9; Lahav et al., PLDI 2017 (RC11, which forbids LB).
//! Does not show: LB in any engine. Those here never let a load read a later store, which is
//! stricter than the language: a case that holds only for that reason is not proved for real
//! compilers.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Nothing orders a load before a later store of another location.
    relaxed: observes()
        .required([(0, 0), (0, 1), (1, 0)])
        .interesting((1, 1), "each store overtakes the load before it")
        .misses(Loom, [(1, 1)], NoLoadBuffering)
        .weak([(1, 1)])
        .misses(Rc11, [(1, 1)], NoLoadBuffering)
        => load_buffering([Relaxed; 2], [Relaxed; 2]);
    /// Acquire loads that read Relaxed stores synchronise with nothing: allowed as well.
    acquire_loads: observes()
        .required([(0, 0), (0, 1), (1, 0)])
        .interesting((1, 1), "without a Release store nothing happens before the loads")
        .misses(Loom, [(1, 1)], NoLoadBuffering)
        .weak([(1, 1)])
        .misses(Rc11, [(1, 1)], NoLoadBuffering)
        => load_buffering([Acquire; 2], [Relaxed; 2]);
    /// One synchronising pair suffices, in either direction.
    one_pair: observes()
        .required([(0, 0), (0, 1), (1, 0)])
        .forbidden((1, 1), "the right load would happen before the store that it reads")
        .slack("load_buffering: x.load", "Relaxed", "with less, load buffering could arise")
        .slack("load_buffering: x.store", "Relaxed", "with less, load buffering could arise")
        => load_buffering([Acquire, Relaxed], [Relaxed, Release]);
    /// Both threads only copy: no value but 0 exists. The standard says "should", not "shall".
    out_of_thin_air: observes().exposed()
        .required([(0, 0)])
        .forbidden((1, 1), "each 1 would be its own only cause")
        => copy_both_ways();
}

/// The orderings of the left thread come first.
fn load_buffering(loads: [Ordering; 2], stores: [Ordering; 2]) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        let left = s.spawn(|| {
            let seen = x.load(loads[0]); // Acquire: pairs with the right thread's store
            y.store(1, stores[0]); // Relaxed: nobody acquires it
            seen
        });
        let right = s.spawn(|| {
            let seen = y.load(loads[1]); // Relaxed or Acquire: the left thread releases nothing
            x.store(1, stores[1]); // Release: pairs with the left thread's load
            seen
        });
        (left.join().unwrap(), right.join().unwrap())
    })
}

fn copy_both_ways() -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let copy = |from: &AtomicU32, to: &AtomicU32| {
        let seen = from.load(Relaxed); // Relaxed: no order is claimed
        to.store(seen, Relaxed); // Relaxed: no order is claimed
        seen
    };
    thread::scope(|s| {
        let left = s.spawn(|| copy(&x, &y));
        let right = s.spawn(|| copy(&y, &x));
        (left.join().unwrap(), right.join().unwrap())
    })
}
