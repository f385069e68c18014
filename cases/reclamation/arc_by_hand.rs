//! A reference count: cloning needs no ordering, dropping a Release, and the last owner an Acquire.
//!
//! Shape: two owners use a value, one through a clone as well. Who takes the count to zero destroys
//! the value, so every use by the others must happen before: each decrement publishes (Release),
//! and the last owner acquires them all by a fence. Read-modify-writes continue each other's
//! release sequence, so it is enough to read the last. A clone is made by who has the value.
//!
//! Source: `std::sync::Arc`; Boost.Atomic documentation, "Reference counting".
//! Minimal (sound): `use_and_drop: count.fetch_add` Relaxed, `use_and_drop: count.fetch_sub`
//! Release, `use_and_drop: fence` Acquire (Bos, Rust Atomics and Locks, 2023, chapter 6).
//! Minimal (acq_rel_decrement): `use_and_drop: count.fetch_sub` AcqRel (Boost.Atomic documentation,
//! 2011, Reference counting).
//! Does not show: an overflow of the count by clones that are forgotten.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => use_and_drop(AddOne, Release, Some(Acquire));
    /// Acquire on every decrement, instead of one fence by the last, holds too.
    acq_rel_decrement: holds() => use_and_drop(AddOne, AcqRel, None);
    /// A use of the value is not published by the decrement.
    relaxed_decrement: fails(DataRace) => use_and_drop(AddOne, Relaxed, Some(Acquire));
    /// The last owner does not see that the others have finished.
    no_fence: fails(DataRace) => use_and_drop(AddOne, Release, None);
    /// A fence that acquires nothing.
    release_fence: fails(DataRace) => use_and_drop(AddOne, Release, Some(Release));
    /// Another's decrement is lost between the two steps of the clone: nobody is the last.
    clone_in_two_steps: fails(Assertion) => use_and_drop(LoadAndStore, Release, Some(Acquire));
}

#[derive(Clone, Copy)]
enum Increment {
    AddOne,
    LoadAndStore,
}
use Increment::*;

fn use_and_drop(increment: Increment, decrement: Ordering, last: Option<Ordering>) {
    let (count, value) = (AtomicUsize::new(2), UnsafeCell::new(Some(7)));
    let use_value = || {
        // SAFETY: this owner is counted, so the count is not zero and nobody destroys the value; a
        // clone in two steps can lose the count, and then only a leak follows.
        assert_eq!(value.with(|v| unsafe { *v }), Some(7));
    };
    let drop_one = || {
        // Release: pairs with the last owner's fence; Relaxed could count down before the use.
        if count.fetch_sub(1, decrement) == 1 {
            if let Some(order) = last {
                // Acquire: Release acquires nothing, and the others' uses must be over
                fence(order);
            }
            // SAFETY: the count is zero, so every other owner has counted down; that its use came
            // before is what the Release of each decrement and the fence say.
            value.with_mut(|v| unsafe { *v = None });
        }
    };
    thread::scope(|s| {
        s.spawn(|| {
            match increment {
                // Relaxed: this owner keeps the value alive meanwhile.
                AddOne => drop(count.fetch_add(1, Relaxed)),
                // Relaxed: as above; the flaw is the gap.
                LoadAndStore => count.store(count.load(Relaxed) + 1, Relaxed),
            }
            use_value();
            drop_one();
            drop_one();
        });
        s.spawn(|| {
            use_value();
            drop_one();
        });
    });
    assert_eq!(value.into_inner(), None, "the value is never destroyed");
}
