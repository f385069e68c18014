//! Dekker's lock rests on store buffering: after the flag is raised, only SeqCst makes it seen.
//!
//! Shape: each thread raises its flag and enters if the other's is down. If both are up, the one
//! whose turn it is not lowers its flag and waits for its turn. A fence follows each raising,
//! so that of two threads at least one sees the other's flag. Without the way back, both may wait.
//!
//! Source: Dijkstra, EWD 123, 1965, section 2.1 (Dekker's solution).
//! Does not show: a thread that comes again; then the flag lowered to give way must publish too.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// One of two fences comes first in the single order; the later thread sees the flag.
    seq_cst_fence: holds() => lock_both(SeqCst, Acquire, Release, true);
    /// No weaker fence orders a store before a later load.
    acq_rel_fence: fails(DataRace).misses(Shuttle, SequentiallyConsistent)
        => lock_both(AcqRel, Acquire, Release, true);
    /// The flag is seen down without what was done while it was up.
    relaxed_wait: fails(DataRace) => lock_both(SeqCst, Relaxed, Release, true);
    /// The flag goes down without publishing what was done while it was up.
    relaxed_unlock: fails(DataRace) => lock_both(SeqCst, Acquire, Relaxed, true);
    /// Both raise their flags, and neither gives way.
    nobody_gives_way: fails(Livelock).misses(Loom, NoLivelockDetection)
        => lock_both(SeqCst, Acquire, Release, false);
}

fn lock_both(raise: Ordering, wait: Ordering, unlock: Ordering, give_way: bool) {
    let (flags, turn) = ([0; 2].map(|_| AtomicBool::new(false)), AtomicUsize::new(0));
    let total = UnsafeCell::new(0);
    let enter = |me: usize| {
        let other = 1 - me;
        flags[me].store(true, Relaxed); // Relaxed: ordered by the fence
        fence(raise); // SeqCst: pairs with the other's fence; the later sees the earlier's flag
        // Acquire: pairs with the other's unlock.
        while flags[other].load(wait) {
            // Relaxed: the turn says who gives way; the flags alone exclude.
            if give_way && turn.load(Relaxed) != me {
                flags[me].store(false, Relaxed); // Relaxed: nothing was done while it was up
                // Relaxed: as above.
                while turn.load(Relaxed) != me {
                    hint::spin_loop();
                }
                flags[me].store(true, Relaxed); // Relaxed: ordered by the fence
                fence(raise); // SeqCst: as above
            } else {
                hint::spin_loop();
            }
        }
        // SAFETY: the lock is held; that it excludes is the claim under test.
        total.with_mut(|t| unsafe { *t += 1 });
        turn.store(other, Relaxed); // Relaxed: as its loads
        flags[me].store(false, unlock); // Release: pairs with the other's wait
    };
    thread::scope(|s| {
        s.spawn(|| enter(0));
        s.spawn(|| enter(1));
    });
    assert_eq!(total.into_inner(), 2, "an update is lost");
}
