//! A read-modify-write is no fence, but two of them on one location are ordered with each other.
//!
//! Shape: SB without SeqCst. Making the stores AcqRel swaps changes nothing in the model, although
//! on x86 every swap is a full barrier. What helps is an AcqRel read-modify-write between store and
//! load, by both threads on one common location: of the two one reads the other, which is Release
//! and Acquire, so the later thread sees the earlier one's store.
//!
//! Source: ISO C++20 [atomics.order] p2 and p10; Lahav, Giannarakis and Vafeiadis, POPL 2016
//! (fences as read-modify-writes of one common location).
//! Does not show: the price; the common location is written by every thread that passes.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// AcqRel swaps for the stores: each load still overtakes its thread's swap.
    swapped_stores: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "a load may overtake the store half of a swap before it")
        .weak([(0, 0)])
        => swapped_stores();
    /// Both threads pass through one location in between: one of them sees the other.
    common_location: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .forbidden((0, 0), "the second fetch_add reads the first, and so what was stored before it")
        => pass_through(AcqRel, |_| 0);
    /// The same in Relaxed: they are ordered, but nothing else is.
    common_location_relaxed: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "a Relaxed read-modify-write publishes nothing")
        .weak([(0, 0)])
        => pass_through(Relaxed, |_| 0);
    /// Each thread on a location of its own: nobody reads the other.
    own_locations: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "neither fetch_add reads the other's")
        .weak([(0, 0)])
        => pass_through(AcqRel, |thread| thread);
}

fn swapped_stores() -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        let [left, right] = [(&x, &y), (&y, &x)].map(|(mine, other)| {
            s.spawn(|| {
                mine.swap(1, AcqRel); // Release: pairs with the other thread's load, if it reads 1
                other.load(Acquire) // Acquire: pairs with the other thread's swap, if it reads 1
            })
        });
        (left.join().unwrap(), right.join().unwrap())
    })
}

fn pass_through(order: Ordering, gate_of: fn(usize) -> usize) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let gates = [AtomicU32::new(0), AtomicU32::new(0)];
    thread::scope(|s| {
        let [left, right] = [(0, &x, &y), (1, &y, &x)].map(|(thread, mine, other)| {
            let gate = &gates[gate_of(thread)];
            s.spawn(|| {
                mine.store(1, Relaxed); // Relaxed: published by the gate
                gate.fetch_add(1, order); // AcqRel: pairs with the other thread's, at the same gate
                other.load(Relaxed) // Relaxed: ordered by the gate
            })
        });
        (left.join().unwrap(), right.join().unwrap())
    })
}
