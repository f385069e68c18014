//! One-time initialisation needs a third state: whoever is not first must wait, not go on.
//!
//! Shape: 0 is new, 1 running, 2 done. One thread moves 0 to 1 and initialises; the others wait for
//! 2. Finding that somebody else was first does not mean that it has finished. `std`'s own `Once`
//! is in the same shape: an initialiser that needs its own result waits for itself.
//!
//! Source: `std::sync::Once` documentation (recursive initialisation); ISO C++20
//! [thread.once.callonce] p3.
//! Minimal: `get_twice: state.store` Release, `get_twice: state.load` Acquire (Rust 1.95, std's
//! sys/sync/once/futex.rs).
//! Does not show: an initialiser that panics.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::Once;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => get_twice(Flaw::None, Acquire, Release);
    /// The value is seen as done without its content.
    relaxed_wait: fails(DataRace) => get_twice(Flaw::None, Relaxed, Release);
    /// The value is declared done without publishing its content.
    relaxed_done: fails(DataRace) => get_twice(Flaw::None, Acquire, Relaxed);
    /// The second thread takes "running" for "done".
    loser_goes_on: fails(DataRace) => get_twice(Flaw::LoserGoesOn, Acquire, Release);
    /// Looking and claiming in two steps initialises twice.
    claim_in_two_steps: fails(DataRace) => get_twice(Flaw::ClaimsInTwoSteps, Acquire, Release);
    /// The library's own: one initialisation, which both threads see.
    library: holds() => library(|once, work| once.call_once(work));
    /// An initialiser that calls for its own result waits for ever.
    recursive: fails(Deadlock) => library(|once, work| once.call_once(|| once.call_once(work)));
}

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    LoserGoesOn,
    ClaimsInTwoSteps,
}

fn get_twice(flaw: Flaw, wait: Ordering, done: Ordering) {
    let (state, value) = (AtomicU32::new(0), UnsafeCell::new(0));
    let claim = || {
        if flaw == Flaw::ClaimsInTwoSteps {
            let new = state.load(Acquire) == 0; // Acquire: as the wait; the flaw is the gap
            if new {
                state.store(1, Relaxed); // pairs with nothing: the flaw is the gap
            }
            return new;
        }
        // Relaxed: the claim publishes nothing; who fails waits and acquires there.
        state.compare_exchange(0, 1, Relaxed, Relaxed).is_ok()
    };
    let get = || {
        if claim() {
            // SAFETY: one thread moves the state from 0, and the others wait for 2. Claimed in two
            // steps it is two threads, and a loser that goes on reads meanwhile.
            value.with_mut(|v| unsafe { *v = 7 });
            state.store(2, done); // Release: the claim published nothing, so this must
        } else if flaw != Flaw::LoserGoesOn {
            // Acquire: pairs with the store by whoever initialised; Relaxed would see 2 and no
            // value.
            while state.load(wait) != 2 {
                hint::spin_loop();
            }
        }
        // SAFETY: the one write happened before the state was 2, or was this thread's own; unless 2
        // was not waited for, or was seen without it.
        value.with(|v| unsafe { *v })
    };
    thread::scope(|s| {
        let [left, right] = [(); 2].map(|()| s.spawn(get));
        assert_eq!((left.join().unwrap(), right.join().unwrap()), (7, 7));
    });
}

fn library(call: impl Fn(&Once, &mut dyn FnMut()) + Sync) {
    let (once, value) = (Once::new(), UnsafeCell::new(0));
    let get = || {
        // SAFETY: `call_once` runs one closure, and returns to nobody before that has ended.
        call(&once, &mut || value.with_mut(|v| unsafe { *v += 7 }));
        // SAFETY: `call_once` has returned, so the one write happened before.
        assert_eq!(value.with(|v| unsafe { *v }), 7);
    };
    thread::scope(|s| {
        s.spawn(get);
        s.spawn(get);
    });
}
