//! Dekker's lock rests on store buffering: after the flag is raised, only SeqCst makes it seen.
//!
//! Shape: each thread raises its flag and enters if the other's is down. If both are up, the one
//! whose turn it is not lowers its flag and waits for its turn. A fence follows each raising,
//! so that of two threads at least one sees the other's flag. Without the way back, both may wait.
//! Where a thread comes again, the flag lowered to give way hides the unlocking before it; but the
//! fence in between publishes what was done under the lock. The second raising needs its fence as
//! the first does, for the other thread may be coming again.
//!
//! Source: Dijkstra, EWD 123, 1965, section 2.1 (Dekker's solution); Williams, "Implementing
//! Dekker's algorithm with fences", 2010.
//! Minimal: `lock_both: fence #1` SeqCst, `lock_both: fence #2` SeqCst, `lock_both:
//! flags[other].load` Acquire, `lock_both: flags[me].store #5` Release (Williams, 2010, with fences
//! for the last two).
//! Does not show: fairness, which the turn gives.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

/// Of the fences after the first raising of the flag and after another one, of the wait for the
/// other flag, and of the unlocking.
type Orders = ([Ordering; 2], Ordering, Ordering);

cases! {
    /// One of two fences comes first in the single order; the later thread sees the flag.
    seq_cst_fence: holds().exposed() => lock_both(([SeqCst; 2], Acquire, Release), true, false);
    /// No weaker fence orders a store before a later load.
    acq_rel_fence: fails(DataRace).weak()
        => lock_both(([AcqRel; 2], Acquire, Release), true, false);
    /// The flag is seen down without what was done while it was up.
    relaxed_wait: fails(DataRace) => lock_both(([SeqCst; 2], Relaxed, Release), true, false);
    /// The flag goes down without publishing what was done while it was up.
    relaxed_unlock: fails(DataRace) => lock_both(([SeqCst; 2], Acquire, Relaxed), true, false);
    /// Both raise their flags, and neither gives way.
    nobody_gives_way: fails(Livelock).misses(Loom, NoLivelockDetection)
        => lock_both(([SeqCst; 2], Acquire, Release), false, false);
    /// One thread comes again, and leaves if it cannot enter at once.
    comes_again: holds().exposed().bounded(Loom, TooLarge)
        => lock_both(([SeqCst; 2], Acquire, Release), true, true);
    /// Who raises the flag again does not see who comes again.
    acq_rel_fence_again: fails(DataRace).weak()
        => lock_both(([SeqCst, AcqRel], Acquire, Release), true, true);
}

fn lock_both((raise, wait, unlock): Orders, give_way: bool, again: bool) {
    let (flags, turn) = ([0; 2].map(|_| AtomicBool::new(false)), AtomicUsize::new(0));
    let total = UnsafeCell::new(0);
    let enter = |me: usize, try_once: bool| {
        let other = 1 - me;
        flags[me].store(true, Relaxed); // Relaxed: ordered by the fence
        // SeqCst: the later of two sees the earlier's flag; AcqRel has no later one
        fence(raise[0]);
        // Acquire: pairs with the other's unlock, or through a lowered flag with its fence; Relaxed
        // would see the flag down and not what was written while it was up.
        while flags[other].load(wait) {
            if try_once {
                flags[me].store(false, Relaxed); // Relaxed: the fence publishes what was before it
                return;
            }
            // Relaxed: the turn says who gives way; the flags alone exclude.
            if give_way && turn.load(Relaxed) != me {
                flags[me].store(false, Relaxed); // Relaxed: as above
                // Relaxed: as above.
                while turn.load(Relaxed) != me {
                    hint::spin_loop();
                }
                flags[me].store(true, Relaxed); // Relaxed: ordered by the fence
                fence(raise[1]); // SeqCst: as above, for the other may be coming again
            } else {
                hint::spin_loop();
            }
        }
        // SAFETY: the other's flag was seen down after the fence, so the other, whose fence comes
        // later, sees this one up and stays out. With AcqRel fences both may see the other's down.
        total.with_mut(|t| unsafe { *t += 1 });
        turn.store(other, Relaxed); // Relaxed: as its loads
        // Release: pairs with the other's wait; Relaxed could go down before the update.
        flags[me].store(false, unlock);
    };
    thread::scope(|s| {
        s.spawn(|| {
            enter(0, false);
            if again {
                enter(0, true);
            }
        });
        s.spawn(|| enter(1, false));
    });
    let total = total.into_inner();
    assert!(total == 2 || again && total == 3, "an update is lost");
}
