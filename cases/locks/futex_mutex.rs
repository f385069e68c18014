//! A sleeping mutex needs a third state, or an owner cannot know whether it must wake somebody.
//!
//! Shape: 0 is free, 1 held, 2 held with perhaps a sleeper. Who finds the lock held sets 2 and
//! sleeps while it is 2; who unlocks sets 0 and wakes one if it was 2. A woken thread cannot know
//! whether it was the only sleeper, so it takes the lock with 2. The kernel's part, that looking at
//! the word and falling asleep are one step, is played by a mutex and a condition variable.
//!
//! Source: Drepper, "Futexes are tricky", 2004/2011, section 6 (mutex 3).
//! Minimal: `count: word.compare_exchange` Acquire, `count: word.swap #1` Acquire, `count:
//! word.swap #2` Release (Bos, Rust Atomics and Locks, 2023, chapter 9).
//! Does not show: how the kernel queues; more than one lock.

use super::rt::cell::UnsafeCell;
use super::rt::futex::{self, Futex};
use super::rt::sync::atomic::{Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => count(2, Flaw::None, [Acquire, Acquire, Release]);
    /// The lock is taken at once without seeing what the last owner wrote.
    relaxed_lock: fails(DataRace) => count(2, Flaw::None, [Relaxed, Acquire, Release]);
    /// The lock is taken after a wait without seeing what the last owner wrote.
    relaxed_wait: fails(DataRace) => count(2, Flaw::None, [Acquire, Relaxed, Release]);
    /// The last owner does not publish what it wrote.
    relaxed_unlock: fails(DataRace) => count(2, Flaw::None, [Acquire, Acquire, Relaxed]);
    /// The word is not looked at again before sleeping, and the wake-up may have come before: unikraft pull
    /// request 1763 (a kernel's own futex).
    sleep_unchecked: fails(LostWakeup)
        => count(2, Flaw::SleepsUnchecked, [Acquire, Acquire, Release]);
    /// Between the look and the store a waiter sets 2, which nobody sees.
    unlock_in_two_steps: fails(Deadlock)
        => count(2, Flaw::UnlocksInTwoSteps, [Acquire, Acquire, Release]);
    /// The woken thread takes the lock with 1 and so forgets that a third one sleeps.
    woken_takes_with_1: fails(LostWakeup).bounded(Loom, TooLarge).bounded(Rc11, TooLarge)
        => count(3, Flaw::WokenTakesWith1, [Acquire, Acquire, Release]);
}

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    SleepsUnchecked,
    UnlocksInTwoSteps,
    WokenTakesWith1,
}

fn count(threads: u32, flaw: Flaw, [lock, wait, unlock]: [Ordering; 3]) {
    let (word, never, total) = (Futex::new(0), Futex::new(2), UnsafeCell::new(0));
    // A word that never changes makes the kernel's own look worth nothing.
    let bed = if flaw == Flaw::SleepsUnchecked { &never } else { &word };
    let sleep_while_2 = || {
        // Relaxed: the look that counts is the kernel's, which comes after every wake-up before it.
        if flaw != Flaw::SleepsUnchecked || word.load(Relaxed) == 2 {
            futex::wait(bed, 2);
        }
    };
    let turn = || {
        // Acquire: pairs with the unlock, and this may be all there is on the way in. Relaxed: a
        // failure is followed by a swap.
        if word.compare_exchange(0, 1, lock, Relaxed).is_err() {
            let mut mark = 2;
            // Acquire: pairs with the unlock; the failed exchange before it has acquired nothing.
            while word.swap(mark, wait) != 0 {
                sleep_while_2();
                mark = if flaw == Flaw::WokenTakesWith1 { 1 } else { 2 };
            }
        }
        // SAFETY: only one thread can have moved the word from 0, and it saw the unlock before it;
        // with a Relaxed step on either side it need not have seen what came before the unlock.
        total.with_mut(|t| unsafe { *t += 1 });
        let before = if flaw == Flaw::UnlocksInTwoSteps {
            let before = word.load(Relaxed); // pairs with nothing: the flaw is the gap
            word.store(0, unlock); // Release: as below
            before
        } else {
            // Release: whatever takes the lock next sees what was written under it
            word.swap(0, unlock)
        };
        if before == 2 {
            futex::wake_one(bed);
        }
    };
    thread::scope(|s| (0..threads).for_each(|_| drop(s.spawn(turn))));
    assert_eq!(total.into_inner(), threads, "an update is lost");
}
