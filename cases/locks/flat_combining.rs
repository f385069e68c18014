//! In flat combining whoever has the lock does the others' work; each request goes out by a slot, comes back by it, and must be tried for.
//!
//! Shape: a thread writes what it wants into its slot, and tries to take the lock. Who gets it looks
//! through all slots, does what is asked, and writes each answer back. Who does not get it waits for its
//! answer, or for the lock: a combiner may have passed its slot before the request was in it, so a thread
//! that waits for the answer alone may wait for ever. The slot publishes twice, there and back, and the
//! data in the middle is the lock's.
//!
//! Source: Hendler, Incze, Shavit and Tzafrir, SPAA 2010.
//! Does not show: slots that are made on demand and thrown away; that it is faster.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

const IDLE: usize = 0;
const ASKED: usize = 1;
const ANSWERED: usize = 2;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => add_beside_add([Release, Acquire], [Release, Acquire], [Release, Acquire], true);
    /// The request is seen in its slot, and not what it is.
    relaxed_ask: fails(DataRace)
        => add_beside_add([Relaxed, Acquire], [Release, Acquire], [Release, Acquire], true);
    /// The answer is seen in its slot, and not what it is.
    relaxed_answer: fails(DataRace)
        => add_beside_add([Release, Acquire], [Relaxed, Acquire], [Release, Acquire], true);
    /// The next combiner does not see what the last one has done.
    relaxed_unlock: fails(DataRace)
        => add_beside_add([Release, Acquire], [Release, Acquire], [Relaxed, Acquire], true);
    /// Who does not get the lock at once waits for an answer, and nobody looks at its slot any more.
    tried_once: fails(Livelock).bounded(Loom, NoLivelockDetection)
        => add_beside_add([Release, Acquire], [Release, Acquire], [Release, Acquire], false);
}

/// Each pair of orderings says how something is put and taken: requests, answers, the lock.
fn add_beside_add(
    request: [Ordering; 2],
    answer: [Ordering; 2],
    lock: [Ordering; 2],
    keeps_trying: bool,
) {
    let states = [IDLE; 2].map(AtomicUsize::new);
    let (values, total, is_locked) =
        ([0; 2].map(UnsafeCell::new), UnsafeCell::new(0), AtomicBool::new(false));
    let combine = || {
        for (state, value) in states.iter().zip(&values) {
            // Acquire: pairs with the request
            if state.load(request[1]) == ASKED {
                // SAFETY: the value is its thread's until it asks, which has been acquired; a Relaxed request
                // hands over the slot's state alone.
                let asked = value.with(|value| unsafe { *value });
                let sum = total.with_mut(|total| {
                    // SAFETY: the lock is ours, and was acquired from who had it last.
                    unsafe { *total += asked };
                    // SAFETY: so is what has just been written.
                    unsafe { *total }
                });
                // SAFETY: its thread reads it when it has acquired that there is an answer, which is below.
                value.with_mut(|value| unsafe { *value = sum });
                state.store(ANSWERED, answer[0]); // Release: pairs with who waits for it
            }
        }
    };
    let add = |me: usize| {
        // SAFETY: nobody looks at it before it is asked, which is below.
        values[me].with_mut(|value| unsafe { *value = me + 1 });
        states[me].store(ASKED, request[0]); // Release: pairs with the combiner's load
        let mut tries = true;
        // Acquire: pairs with the answer
        while states[me].load(answer[1]) != ANSWERED {
            // Acquire: pairs with the last combiner. Relaxed: it is tried again
            if tries && is_locked.compare_exchange(false, true, lock[1], Relaxed).is_ok() {
                combine();
                is_locked.store(false, lock[0]); // Release: pairs with the next combiner
            } else {
                hint::spin_loop();
            }
            tries = keeps_trying;
        }
        // SAFETY: the combiner has written it before the answer, which has been acquired; a Relaxed one was seen.
        values[me].with(|value| unsafe { *value })
    };
    let answers = thread::scope(|s| {
        let threads = [0, 1].map(|me| s.spawn(move || add(me)));
        threads.map(|thread| thread.join().unwrap())
    });
    assert!(answers == [1, 3] || answers == [3, 2], "an addition is lost");
}
