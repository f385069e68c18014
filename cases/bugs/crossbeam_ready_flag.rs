//! A flag that guards plain data must publish it, even where a wake-up follows the flag.
//!
//! Shape: a queue hands a message to a waiting receiver: it writes the message, raises a ready flag
//! and unparks the receiver, who looks at the flag and parks in turns. A receiver that finds the
//! flag raised before it ever parks has nothing but the flag to order the message, and Relaxed
//! orders nothing.
//!
//! Source: RUSTSEC-2022-0029, crossbeam pull request 98 (MsQueue).
//! Does not show: whether a park that returns orders anything; it need not have been called.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the flag is Relaxed on both sides.
    relaxed: fails(DataRace)
        => hand_over(Relaxed, Relaxed);
    /// As fixed.
    release_acquire: holds() => hand_over(Release, Acquire);
}

fn hand_over(raise: Ordering, look: Ordering) {
    let (slot, ready) = (UnsafeCell::new(0), AtomicBool::new(false));
    let (slot, ready) = (&slot, &ready);
    thread::scope(|s| {
        let receiver = s.spawn(move || {
            // Acquire: pairs with the store of the sender
            while !ready.load(look) {
                thread::park();
            }
            // SAFETY: the message was written before the flag went up; Relaxed does not say so, nor
            // does a park that was never called.
            assert_eq!(slot.with(|slot| unsafe { *slot }), 7);
        });
        let waiting = receiver.thread().clone();
        s.spawn(move || {
            // SAFETY: the receiver reads only when the flag is up, which it is below.
            slot.with_mut(|slot| unsafe { *slot = 7 });
            ready.store(true, raise); // Release: pairs with the load of the receiver
            waiting.unpark();
        });
    });
}
