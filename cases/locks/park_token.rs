//! A thread has one park token, and any wait may take it: the flag decides, not the token.
//!
//! Shape: one thread parks until a flag is up; another raises the flag and unparks it. The token
//! remembers one unpark that comes first. But all parks of a thread share it: a park inside a
//! library call can take the token meant for the outer one. So every park stands in a loop that
//! looks at its own flag.
//!
//! Source: `std::thread::park` documentation; rust-lang/rust issue 145816 (a token taken by a lock
//! inside the standard library).
//! Minimal: `hand_over: ready.store` Release, `hand_over: ready.load` Acquire (documentation of
//! `std::thread::park`, Rust 1.95).
//! Does not show: a spurious return from `park`, which the loop covers as well; two unparks that
//! leave one token.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The flag is raised before the unpark, and looked at around the park.
    flag_and_loop: holds() => hand_over([Release, Acquire], true);
    /// The flag is seen up without a park, so the token orders nothing.
    relaxed_look: fails(DataRace)
        => hand_over([Release, Relaxed], true);
    /// The flag is raised without publishing the value.
    relaxed_raise: fails(DataRace)
        => hand_over([Relaxed, Acquire], true);
    /// The waiter wakes before the flag is up, and nobody wakes it again.
    unparked_too_early: fails(LostWakeup) => hand_over([Release, Acquire], false);
    /// Each wait looks at its own flag after every park.
    two_waits: holds() => wait_inside_wait(true);
    /// The inner wait takes the token that was meant for the outer one: rust issue 145816.
    stolen_token: fails(LostWakeup) => wait_inside_wait(false);
}

fn hand_over([raise, look]: [Ordering; 2], raise_first: bool) {
    let (value, ready) = (UnsafeCell::new(0), AtomicBool::new(false));
    thread::scope(|s| {
        let waiter = s.spawn(|| {
            // Acquire: pairs with the raising of the flag; a look that finds it up at once has not
            // parked, so with Relaxed nothing would order the value.
            while !ready.load(look) {
                thread::park();
            }
            // SAFETY: the value was written before the flag went up, and is not written again; a
            // Relaxed flag does not say so.
            assert_eq!(value.with(|v| unsafe { *v }), 7);
        });
        let waiter = waiter.thread().clone();
        let (value, ready) = (&value, &ready);
        s.spawn(move || {
            // SAFETY: the flag is down until this thread raises it, and the waiter reads after
            // that.
            value.with_mut(|v| unsafe { *v = 7 });
            if !raise_first {
                waiter.unpark();
            }
            ready.store(true, raise); // Release: the unpark may find nobody parked to publish to
            if raise_first {
                waiter.unpark();
            }
        });
    });
}

fn wait_inside_wait(outer_looks: bool) {
    let [outer, inner] = [0; 2].map(|_| AtomicBool::new(false));
    let (outer, inner) = (&outer, &inner);
    let park_until = |flag: &AtomicBool| {
        // Relaxed: nothing comes with the flag.
        while !flag.load(Relaxed) {
            thread::park();
        }
    };
    thread::scope(|s| {
        let waiter = s.spawn(move || {
            // Relaxed: nothing comes with the flag.
            if !outer.load(Relaxed) {
                park_until(inner);
                if outer_looks {
                    park_until(outer);
                } else {
                    thread::park();
                }
            }
        });
        let waiter = waiter.thread().clone();
        s.spawn(move || {
            for flag in [outer, inner] {
                flag.store(true, Relaxed); // Relaxed: nothing comes with the flag
                waiter.unpark();
            }
        });
    });
}
