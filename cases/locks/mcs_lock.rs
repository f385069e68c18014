//! In an MCS lock everybody waits at a flag of its own, so the queue's links need ordering as well.
//!
//! Shape: a thread appends its node at the tail and, if there is a predecessor, links itself behind
//! it and waits for its own flag. The owner hands over by lowering its successor's flag, or empties
//! the tail. An owner that finds no link but cannot empty the tail must wait: somebody has swapped
//! the tail and is about to link. Node 0 stands for none.
//!
//! Source: Mellor-Crummey and Scott, ACM TOCS 1991, section 2.4, algorithm 5 (libvsync swaps the
//! tail by SeqCst; AcqRel suffices).
//! Minimal: `count: last.swap` AcqRel, `count: nodes[before].next.store` Release, `count:
//! nodes[me].waits.load` Acquire, `count: last.compare_exchange` Release, `count:
//! nodes[me].next.load #1` Acquire, `count: nodes[me].next.load #2` Acquire, `count:
//! nodes[next].waits.store` Release (libvsync 4.3.0, 2026, mcslock.h, but for the swap).
//! Does not show: that each thread spins on its own cache line; the reuse of a node.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => count(AcqRel, [Acquire, Release], [Acquire, Release], true);
    /// Who finds the queue empty does not see what the last owner wrote.
    tail_without_acquire: fails(DataRace)
        => count(Release, [Acquire, Release], [Acquire, Release], true);
    /// The successor's link may be overwritten by the predecessor's own preparation of its node.
    tail_without_release: fails(Livelock)
        .misses(Loom, NoLivelockDetection)
        .weak()
        => count(Acquire, [Acquire, Release], [Acquire, Release], true);
    /// The lowered flag may be overwritten by the successor's own preparation of its node.
    relaxed_link: fails(Livelock)
        .misses(Loom, NoLivelockDetection)
        .weak()
        => count(AcqRel, [Relaxed, Relaxed], [Acquire, Release], true);
    /// The successor does not see what its predecessor wrote.
    relaxed_wait: fails(DataRace) => count(AcqRel, [Acquire, Release], [Relaxed, Release], true);
    /// The predecessor does not publish what it wrote.
    relaxed_hand_over: fails(DataRace)
        => count(AcqRel, [Acquire, Release], [Acquire, Relaxed], true);
    /// The owner leaves while a successor is about to link; nobody will wake it.
    link_not_awaited: fails(Livelock).misses(Loom, NoLivelockDetection)
        => count(AcqRel, [Acquire, Release], [Acquire, Release], false);
}

struct Node {
    next: AtomicUsize,
    waits: AtomicBool,
}

fn count(tail: Ordering, link: [Ordering; 2], flag: [Ordering; 2], await_link: bool) {
    let [see_link, set_link] = link;
    let [see_flag, lower_flag] = flag;
    let last = AtomicUsize::new(0);
    let nodes = [0; 3].map(|_| Node { next: AtomicUsize::new(0), waits: AtomicBool::new(false) });
    let total = UnsafeCell::new(0);

    let lock = |me: usize| {
        nodes[me].next.store(0, Relaxed); // Relaxed: published by the swap of the tail
        nodes[me].waits.store(true, Relaxed); // Relaxed: published by the link
        // Acquire: pairs with the exchange that emptied the queue, or else what the last owner
        // wrote is not seen. Release: publishes the node, or else its reset may undo the
        // successor's link.
        let before = last.swap(me, tail);
        if before != 0 {
            // Release: pairs with the owner's load; Relaxed would let this thread's raising of its
            // flag come after the owner's lowering of it.
            nodes[before].next.store(me, set_link);
            // Acquire: pairs with the owner's lowering of the flag; it is the only hand-over here.
            while nodes[me].waits.load(see_flag) {
                hint::spin_loop();
            }
        }
    };
    let unlock = |me: usize| {
        // Release: pairs with the swap of whoever finds the queue empty, who waits for no flag.
        // Relaxed: a failure reads the successor's swap, and its link is what is followed.
        if last.compare_exchange(me, 0, Release, Relaxed).is_ok() {
            return;
        }
        // Acquire: pairs with the successor's link, so its flag was raised before it is lowered.
        let mut next = nodes[me].next.load(see_link);
        while next == 0 && await_link {
            hint::spin_loop();
            next = nodes[me].next.load(see_link); // Acquire: as above
        }
        nodes[next].waits.store(false, lower_flag); // Release: hands over what was written
    };
    thread::scope(|s| {
        for me in 1..=2 {
            let (lock, unlock, total) = (&lock, &unlock, &total);
            s.spawn(move || {
                lock(me);
                // SAFETY: this thread found the queue empty, or its predecessor lowered its flag:
                // one thread at a time. A Relaxed hand-over does not bring the predecessor's update
                // along.
                total.with_mut(|t| unsafe { *t += 1 });
                unlock(me);
            });
        }
    });
    assert_eq!(total.into_inner(), 2, "an update is lost");
}
