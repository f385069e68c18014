//! Cursors that are as narrow as the ring cannot tell a full ring from an empty one.
//!
//! Shape: a ring's cursors are taken modulo some number, and the difference says how many tasks
//! there are. Where the number is the capacity, as it was by the width of the cursors, a full ring
//! and an empty one have the same difference: the owner pushes into a full ring, and overwrites a
//! slot that a thief is about to read. Cursors need one more state than the ring has slots.
//!
//! Source: tokio pull request 2387 (the queue of pull request 2315; a fault of loom's had hidden
//! it: loom issue 119).
//! Does not show: stealing of half a queue; the thief takes one, having looked at the tail before.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const CAPACITY: u32 = 2;

cases! {
    /// As published, with a cursor of one bit for eight.
    as_narrow_as_the_ring: fails(DataRace) => push_while_stolen_from(CAPACITY);
    /// As fixed: wider cursors.
    wider: holds()
        .slack(
            "push_while_stolen_from: tail.store",
            "Relaxed",
            "as published; the thief has looked before",
        )
        => push_while_stolen_from(2 * CAPACITY);
}

fn push_while_stolen_from(modulus: u32) {
    let slots = [1, 2].map(UnsafeCell::new);
    let slot = |cursor: u32| &slots[(cursor % CAPACITY) as usize];
    // Two tasks have been pushed: the ring is full.
    let (head, tail) = (AtomicU32::new(0), AtomicU32::new(CAPACITY % modulus));
    thread::scope(|s| {
        s.spawn(|| {
            // Acquire: pairs with the thief's store. Relaxed: only the owner moves the tail
            let (first, end) = (head.load(Acquire), tail.load(Relaxed));
            if (end + modulus - first) % modulus < CAPACITY {
                // SAFETY: the difference of the cursors says that there is room, so a thief has
                // passed this slot; with narrow cursors a full ring has the difference of an empty
                // one.
                slot(end).with_mut(|slot| unsafe { *slot = 3 });
                tail.store((end + 1) % modulus, Release); // Release: pairs with a thief's load
            }
        });
        s.spawn(|| {
            let first = head.load(Relaxed); // Relaxed: there is one thief
            // SAFETY: the owner leaves the slot alone until the head has passed it, if it can tell
            // a full ring.
            assert_eq!(slot(first).with(|slot| unsafe { *slot }), 1);
            head.store((first + 1) % modulus, Release); // Release: pairs with the owner's load
        });
    });
}
