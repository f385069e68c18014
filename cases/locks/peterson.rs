//! Peterson's lock needs its announcements in one order for all; one fence after both is too few.
//!
//! Shape: each thread raises its flag, offers the turn to the other, and waits while the other's
//! flag is up and the turn is the other's. Release and Acquire let the loads overtake the stores,
//! so both miss the other. With Relaxed stores and one SeqCst fence after them the second offer may
//! be seen by a thread that misses the flag raised before the first: machines that keep stores in
//! order forbid it, the language does not. SeqCst accesses, a second fence, or a swap as offer do.
//! The swap is a chain: the second offer reads the first, and so acquires the first's flag.
//! Where one thread comes twice, who enters because the turn is its own has seen no flag go down,
//! so the turn must be acquired. With C++11's longer release sequences the other's flag, although
//! up again, gave what the turn has to give in C++20 and Rust.
//!
//! Source: Peterson, Information Processing Letters 12(3), 1981; ISO C++20 [atomics.order] p4;
//! Williams, "Peterson's lock with C++0x atomics", 2008 (the swap).
//! Minimal (swap): `fenced: fence #1` SeqCst, `fenced: fence #2` SeqCst, `swap: turn.swap` AcqRel,
//! `lock_both: flags[other].load` Acquire, `lock_both: turn.load` Acquire, `lock_both:
//! flags[me].store` Release (for the swap: Williams, 2008).
//! Does not show: more than two threads.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The textbook's one order of all operations.
    seq_cst: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        .slack("lock_both: turn.load", "Acquire", "the textbook's own order")
        .slack("lock_both: flags[me].store", "Release", "the textbook's own order")
        => lock_both(1, stores(SeqCst), [SeqCst; 2], SeqCst);
    /// Each thread misses the other's flag.
    release_acquire: fails(DataRace).weak()
        => lock_both(1, stores(Release), [Acquire; 2], Release);
    /// The flag is fenced from the offer, and the offer from the loads.
    two_fences: holds() => lock_both(1, fenced(true), [Acquire; 2], Release);
    /// The offers may be ordered otherwise than the flags before them.
    one_fence: fails(DataRace).weak()
        => lock_both(1, fenced(false), [Acquire; 2], Release);
    /// The weakest way that holds: no SeqCst at all.
    swap: holds() => lock_both(1, swap(AcqRel), [Acquire; 2], Release);
    /// The second offer does not acquire the first's flag.
    swap_without_acquire: fails(DataRace).weak()
        => lock_both(1, swap(Release), [Acquire; 2], Release);
    /// The first offer does not publish its flag.
    swap_without_release: fails(DataRace).weak()
        => lock_both(1, swap(Acquire), [Acquire; 2], Release);
    /// The flag is seen down without what was done while it was up.
    relaxed_wait: fails(DataRace) => lock_both(1, swap(AcqRel), [Relaxed, Acquire], Release);
    /// The flag goes down without publishing what was done while it was up.
    relaxed_unlock: fails(DataRace) => lock_both(1, swap(AcqRel), [Acquire; 2], Relaxed);
    /// The textbook's one order where a thread comes again; the turn needs only Acquire there.
    seq_cst_again: holds().alarms(Loom, SeqCstAsAcqRel)
        => lock_both(2, stores(SeqCst), [SeqCst; 2], SeqCst);
    /// The turn that is given away by who comes again carries what it did before.
    swap_again: holds().bounded(Loom, TooLarge)
        => lock_both(2, swap(AcqRel), [Acquire; 2], Release);
    /// The turn is one's own without what the other did before it came again.
    relaxed_turn: fails(DataRace) => lock_both(2, swap(AcqRel), [Acquire, Relaxed], Release);
}

fn stores(order: Ordering) -> impl Fn(&AtomicBool, &AtomicUsize, usize) + Sync {
    move |flag, turn, other| {
        flag.store(true, order); // SeqCst: before this thread's loads in the single order
        turn.store(other, order); // SeqCst: as above; Release lets the loads below come first
    }
}

fn fenced(twice: bool) -> impl Fn(&AtomicBool, &AtomicUsize, usize) + Sync {
    move |flag, turn, other| {
        flag.store(true, Relaxed); // Relaxed: ordered by the fences
        if twice {
            fence(SeqCst); // pairs with the other's second fence: who sees the offer sees the flag
        }
        turn.store(other, Relaxed); // Relaxed: ordered by the fences
        fence(SeqCst); // pairs with the other's fences: the later thread sees the earlier's stores
    }
}

fn swap(order: Ordering) -> impl Fn(&AtomicBool, &AtomicUsize, usize) + Sync {
    move |flag, turn, other| {
        flag.store(true, Relaxed); // Relaxed: published by the swap
        turn.swap(other, order); // AcqRel: the first publishes its flag, the second acquires it
    }
}

fn lock_both(
    rounds: u32,
    announce: impl Fn(&AtomicBool, &AtomicUsize, usize) + Sync,
    [wait, see_turn]: [Ordering; 2],
    unlock: Ordering,
) {
    let (flags, turn) = ([0; 2].map(|_| AtomicBool::new(false)), AtomicUsize::new(0));
    let total = UnsafeCell::new(0);
    let enter = |me: usize| {
        let other = 1 - me;
        announce(&flags[me], &turn, other);
        // Acquire: the flag pairs with the other's unlock, the turn with the other's later offer.
        while flags[other].load(wait) && turn.load(see_turn) == other {
            hint::spin_loop();
        }
        // SAFETY: who offers second sees the first's flag and waits; who misses it enters as well.
        total.with_mut(|t| unsafe { *t += 1 });
        flags[me].store(false, unlock); // Release: who sees the flag down sees the update
    };
    thread::scope(|s| {
        s.spawn(|| (0..rounds).for_each(|_| enter(0)));
        s.spawn(|| enter(1));
    });
    assert_eq!(total.into_inner(), rounds + 1, "an update is lost");
}
