//! A reference count that can wrap says "none" while there are as many as it can count.
//!
//! Shape: a slot counts the guards that read it, in a few bits of a word. One more guard than the
//! field can count makes it zero. The removal finds zero, and frees the slot under all of them. The
//! last value of the field must be refused.
//!
//! Source: sharded-slab issue 22; the same in a lock's reader count, by forgotten guards: spin
//! commit 06c111e.
//! Does not show: how many guards it takes; the field here counts to three, and three are there.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*};
use super::rt::thread;

const MOST: u32 = 3;

cases! {
    /// As published: the count wraps.
    wraps: fails(UseAfterFree) => one_more_guard(|count| Some((count + 1) % (MOST + 1)));
    /// As fixed: one guard more is refused.
    refused: holds() => one_more_guard(|count| (count < MOST).then_some(count + 1));
}

fn one_more_guard(add: fn(u32) -> Option<u32>) {
    let slot = AtomicPtr::new(Box::into_raw(Box::new(AtomicU32::new(7))));
    let guards = AtomicU32::new(MOST);
    // SAFETY: the slot is freed once, by the removal or at the end.
    let free = || drop(unsafe { Box::from_raw(slot.load(Relaxed)) }); // Relaxed: it never changes
    let removed = thread::scope(|s| {
        s.spawn(|| {
            let count = guards.load(Relaxed); // Relaxed: the exchange decides
            let Some(more) = add(count) else { return };
            // Relaxed: the slot was there from the start
            if guards.compare_exchange(count, more, Relaxed, Relaxed).is_ok() {
                // SAFETY: the count is not zero, so the removal leaves the slot alone; unless this
                // guard made it wrap to zero.
                let value = unsafe { &*slot.load(Relaxed) }.load(Relaxed); // Relaxed: never changes
                assert_eq!(value, 7);
            }
        });
        let remover = s.spawn(|| {
            let unused = guards.load(Relaxed) == 0; // Relaxed: no guard is dropped here
            if unused {
                free();
            }
            unused
        });
        remover.join().unwrap()
    });
    if !removed {
        free();
    }
}
