//! Who waits at a futex is told that something has changed, and learns what from the word alone.
//!
//! Shape: a value is written, a word goes from 0 to 1, and whoever waits for that is woken. A waiter sleeps
//! while the word is 0: the kernel looks once more before it sleeps, so no wake-up is lost if it comes
//! after the change. A wait orders nothing, and returns without a cause too. So the word is looked at
//! again, and that load acquires.
//!
//! Source: Linux man-pages 6.8, 2024, page futex; ISO C++20 [atomics.wait] p4.
//! Minimal: `hand_over: word.store` Release, `hand_over: word.load` Acquire (Bos, Rust Atomics and Locks,
//! 2023, chapter 3, on Release and Acquire).
//! Does not show: a word that goes back to 0, which a waiter may miss.

use super::rt::cell::UnsafeCell;
use super::rt::futex::{self, Futex};
use super::rt::sync::atomic::{Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => hand_over(1, [Release, Acquire], [Step::Store, Step::WakeAll], true);
    /// The word is seen changed, and the value is not.
    relaxed_look: fails(DataRace)
        => hand_over(1, [Release, Relaxed], [Step::Store, Step::WakeAll], true);
    /// The word is changed before the value is there, as others may see it.
    relaxed_change: fails(DataRace)
        => hand_over(1, [Relaxed, Acquire], [Step::Store, Step::WakeAll], true);
    /// The wake-up comes first: who looks between it and the change sleeps for ever.
    woken_too_early: fails(LostWakeup)
        => hand_over(1, [Release, Acquire], [Step::WakeAll, Step::Store], true);
    /// One wake-up for two who may sleep.
    one_for_two: fails(LostWakeup)
        => hand_over(2, [Release, Acquire], [Step::Store, Step::WakeOne], true);
    /// The return is taken for the change: it may have no cause, and it orders nothing.
    return_believed: fails(DataRace)
        => hand_over(1, [Release, Acquire], [Step::Store, Step::WakeAll], false);
}

#[derive(Clone, Copy)]
enum Step {
    Store,
    WakeOne,
    WakeAll,
}

fn hand_over(waiters: u32, [change, look]: [Ordering; 2], steps: [Step; 2], looks_again: bool) {
    let (value, word) = (UnsafeCell::new(0), Futex::new(0));
    thread::scope(|s| {
        for _ in 0..waiters {
            s.spawn(|| {
                // Acquire: pairs with the change; a look that finds it at once has not slept, and a wait
                // orders nothing, so with Relaxed nothing would order the value.
                while word.load(look) == 0 {
                    futex::wait(&word, 0);
                    if !looks_again {
                        break;
                    }
                }
                // SAFETY: the value was written before the word changed, and is not written again; a
                // Relaxed look, or none, does not say that it has changed.
                assert_eq!(value.with(|v| unsafe { *v }), 7);
            });
        }
        s.spawn(|| {
            // SAFETY: the word is 0 until this thread changes it, and the waiters read after that.
            value.with_mut(|v| unsafe { *v = 7 });
            for step in steps {
                match step {
                    // Release: the wake-up may find nobody, and publishes nothing.
                    Step::Store => word.store(1, change),
                    Step::WakeOne => futex::wake_one(&word),
                    Step::WakeAll => futex::wake_all(&word),
                }
            }
        });
    });
}
