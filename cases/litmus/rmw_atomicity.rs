//! A Relaxed read-modify-write is atomic: no store comes between what it reads and what it writes.
//!
//! Shape: two threads meet at one location. Atomicity is no matter of ordering: the operation
//! writes right after the value it read in the modification order. So of two swaps one gets what
//! the other put, of two claims one wins, and a store is never undone by a fetch_add that had read
//! before it.
//!
//! Source: ISO C++20 [atomics.order] p10.
//! Does not show: anything about other locations; for that see `message_passing_rmw`.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// Of two swaps exactly one gets the initial value.
    swaps: observes()
        .required([(0, 1), (2, 0)])
        .forbidden((0, 0), "the second swap in the modification order reads the first")
        // Relaxed: atomicity needs no partner
        => both(|x| x.swap(1, Relaxed), |x| x.swap(2, Relaxed));
    /// A load and a store are not one step, not even SeqCst ones.
    load_then_store: observes()
        .required([(0, 1), (2, 0)])
        .interesting((0, 0), "each load comes before both stores")
        .misses(Loom, [(2, 0)], SkipsInterleavings)
        // SeqCst: in vain; the flaw is the gap between the two
        => both(
            |x| { let old = x.load(SeqCst); x.store(1, SeqCst); old },
            |x| { let old = x.load(SeqCst); x.store(2, SeqCst); old },
        );
    /// Of two claims by compare-exchange exactly one wins.
    claims: observes()
        .required([(0, 1), (2, 0)])
        .forbidden((0, 0), "only one compare-exchange can read the initial value and replace it")
        // Relaxed: atomicity needs no partner
        => both(|x| claim(x, 1), |x| claim(x, 2));
    /// A store is never lost under a fetch_add: it comes before the read or after the write.
    fetch_add_and_store: observes()
        .required([(0, 10), (10, 11)])
        .forbidden((0, 1), "the store would come between the read and the write, and vanish")
        .alarms(Loom, [(0, 1)], PartialModificationOrder)
        // Relaxed: atomicity needs no partner
        => with_last(|x| x.fetch_add(1, Relaxed));
    /// Under a load and a store it can be lost.
    add_in_two_steps: observes()
        .required([(0, 10), (10, 11)])
        .interesting((0, 1), "the store falls into the gap and is overwritten")
        // casebook: allow(load-then-store) Relaxed: no ordering would help
        => with_last(|x| { let old = x.load(Relaxed); x.store(old + 1, Relaxed); old });
}

/// What was there before: 0 for whoever wins.
fn claim(x: &AtomicU32, me: u32) -> u32 {
    // Relaxed: that there is one winner needs no partner
    x.compare_exchange(0, me, Relaxed, Relaxed).unwrap_or_else(|old| old)
}

fn both(left: fn(&AtomicU32) -> u32, right: fn(&AtomicU32) -> u32) -> (u32, u32) {
    let x = AtomicU32::new(0);
    thread::scope(|s| {
        let left = s.spawn(|| left(&x));
        let right = s.spawn(|| right(&x));
        (left.join().unwrap(), right.join().unwrap())
    })
}

/// What the adder read and what is there in the end, beside a thread that stores 10.
fn with_last(add: fn(&AtomicU32) -> u32) -> (u32, u32) {
    let x = AtomicU32::new(0);
    let old = thread::scope(|s| {
        let adder = s.spawn(|| add(&x));
        s.spawn(|| x.store(10, Relaxed)); // Relaxed: atomicity needs no partner
        adder.join().unwrap()
    });
    (old, x.load(Relaxed)) // Relaxed: the joins order both threads before it
}
