//! Arriving at a barrier publishes to all, so the count needs both Release and Acquire.
//!
//! Shape: everybody adds one to the count and waits for the next generation; who comes last opens
//! it. The last one acquires what the others published by arriving, and passes it on, with its own,
//! through the generation. The count must be back at zero before the next generation opens.
//!
//! Source: Mellor-Crummey and Scott, ACM TOCS 1991, section 3.1 (centralised barrier).
//! Minimal: `exchange: count.fetch_add` AcqRel, `exchange: generation.store` Release, `exchange:
//! generation.load` Acquire (libc++ of LLVM 12, 2021, `std::barrier` without a tree).
//! Does not show: a thread that arrives twice while another never comes; that is a deadlock.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => exchange(1, AcqRel, Acquire, Release, true);
    /// It can be used again.
    two_rounds: holds() => exchange(2, AcqRel, Acquire, Release, true);
    /// The last to arrive does not see what the others wrote.
    arrive_without_acquire: fails(DataRace) => exchange(1, Release, Acquire, Release, true);
    /// What was written before arriving is not published to the last one.
    arrive_without_release: fails(DataRace) => exchange(1, Acquire, Acquire, Release, true);
    /// Who waited does not see what the last one wrote.
    relaxed_wait: fails(DataRace) => exchange(1, AcqRel, Relaxed, Release, true);
    /// The last one does not publish what it wrote.
    relaxed_open: fails(DataRace) => exchange(1, AcqRel, Acquire, Relaxed, true);
    /// Who passes quickly arrives at a count that is then reset: one arrival is lost.
    reset_after_opening: fails(Livelock).misses(Loom, NoLivelockDetection)
        => exchange(2, AcqRel, Acquire, Release, false);
}

fn exchange(rounds: u32, arrive: Ordering, wait: Ordering, open: Ordering, reset_first: bool) {
    let (count, generation) = (AtomicU32::new(0), AtomicU32::new(0));
    let cells = [0; 2].map(UnsafeCell::new);
    let barrier = |round: u32| {
        // Release: publishes to the last one. Acquire: the last one pairs with all before. Nobody
        // knows before whether it is the last, so everybody needs both.
        if count.fetch_add(1, arrive) == 1 {
            if reset_first {
                count.store(0, Relaxed); // Relaxed: published with the generation
            }
            generation.store(round + 1, open); // Release: passes on what all have published
            if !reset_first {
                count.store(0, Relaxed); // pairs with nothing: it comes too late
            }
        } else {
            // Acquire: pairs with the store of the last one; who waits learns of the others by it.
            while generation.load(wait) == round {
                hint::spin_loop();
            }
        }
    };
    let work = |me: usize| {
        // SAFETY: the other reads this cell after the barrier, for which it needs this thread's
        // arrival; an arrival or an opening that is too weak does not put the write before the
        // read.
        cells[me].with_mut(|c| unsafe { *c = 1 });
        (0..rounds).for_each(&barrier);
        // SAFETY: each writes once, before it arrives.
        assert_eq!(cells[1 - me].with(|c| unsafe { *c }), 1, "the other has arrived");
    };
    thread::scope(|s| {
        s.spawn(|| work(0));
        s.spawn(|| work(1));
    });
}
