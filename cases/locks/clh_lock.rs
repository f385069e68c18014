//! In a CLH lock everybody waits at its predecessor's flag, and inherits that node when it leaves.
//!
//! Shape: a thread raises the flag of its node, swaps the node into the tail, and waits until the
//! flag of the node it got from there is down. The swap must publish the raised flag and acquire
//! the predecessor's, or a stale flag that is still down lets it pass. The node cannot be used
//! again by its owner, because the successor may not have looked yet; the predecessor's can.
//!
//! Source: Craig, University of Washington TR 93-02-02, 1993; Magnusson, Landin and Hagersten, IPPS
//! 1994 (libvsync swaps the tail by SeqCst; AcqRel suffices).
//! Minimal: `count: last.swap` AcqRel, `count: flags[before].load` Acquire, `count:
//! flags[node].store #2` Release (libvsync 4.3.0, 2026, clhlock.h, but for the swap).
//! Does not show: fairness, which the queue gives.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => count([1, 1], AcqRel, Acquire, Release, Reuse::Predecessors);
    /// The predecessor's flag may be seen as it was before it was raised.
    tail_without_acquire: fails(DataRace).weak()
        => count([1, 1], Release, Acquire, Release, Reuse::Predecessors);
    /// The raised flag is not published with the node.
    tail_without_release: fails(DataRace).weak()
        => count([1, 1], Acquire, Acquire, Release, Reuse::Predecessors);
    /// The successor does not see what its predecessor wrote.
    relaxed_wait: fails(DataRace)
        => count([1, 1], AcqRel, Relaxed, Release, Reuse::Predecessors);
    /// The predecessor does not publish what it wrote.
    relaxed_unlock: fails(DataRace)
        => count([1, 1], AcqRel, Acquire, Relaxed, Reuse::Predecessors);
    /// A thread that comes again with the predecessor's node is waited for as any other.
    comes_again: holds() => count([2, 1], AcqRel, Acquire, Release, Reuse::Predecessors);
    /// With its own node it raises the flag again under the eyes of its successor: each waits.
    own_node_again: fails(Livelock).misses(Loom, NoLivelockDetection)
        => count([2, 1], AcqRel, Acquire, Release, Reuse::Own);
}

#[derive(Clone, Copy, PartialEq)]
enum Reuse {
    Predecessors,
    Own,
}

fn count(rounds: [u32; 2], tail: Ordering, wait: Ordering, unlock: Ordering, reuse: Reuse) {
    let flags = [0; 3].map(|_| AtomicBool::new(false));
    let (last, total) = (AtomicUsize::new(2), UnsafeCell::new(0_u32));
    let (flags, last, total_of) = (&flags, &last, &total);
    thread::scope(|s| {
        for (first, rounds) in rounds.into_iter().enumerate() {
            s.spawn(move || {
                let mut node = first;
                for _ in 0..rounds {
                    flags[node].store(true, Relaxed); // Relaxed: published by the swap of the tail
                    // Release: publishes the raised flag. Acquire: pairs with the predecessor's
                    // swap. Either alone lets the wait below read the flag as it was before it was
                    // raised.
                    let before = last.swap(node, tail);
                    // Acquire: pairs with the predecessor's unlock; Relaxed would see the flag down
                    // without what was written while it was up.
                    while flags[before].load(wait) {
                        hint::spin_loop();
                    }
                    // SAFETY: the predecessor's flag was raised and is down again, and the
                    // successor waits for this one. Where an ordering lets an older flag pass for
                    // it, both are in.
                    total_of.with_mut(|t| unsafe { *t += 1 });
                    // Release: pairs with the successor's wait; Relaxed would let the flag go down
                    // before what was written under it.
                    flags[node].store(false, unlock);
                    if reuse == Reuse::Predecessors {
                        node = before;
                    }
                }
            });
        }
    });
    assert_eq!(total.into_inner(), rounds.iter().sum::<u32>(), "an update is lost");
}
