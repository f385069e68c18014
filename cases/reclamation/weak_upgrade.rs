//! A weak reference must not revive a value: it may add one only to a count that is not zero.
//!
//! Shape: the last owner drops the value while a weak reference tries to become an owner. The look
//! at the count and the addition must be one step: else the count can reach zero in between, the
//! value is destroyed, and the new owner uses it.
//!
//! Source: `std::sync::Weak::upgrade`; RUSTSEC-2020-0017 (a value found again at count zero).
//! Minimal: `upgrade_beside_drop: count.fetch_sub` Release, `upgrade_beside_drop: fence` Acquire
//! (Bos, Rust Atomics and Locks, 2023, chapter 6).
//! Does not show: the memory of the counts, which the weak references keep.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicUsize, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// One is added only to what was seen, and only if it was not zero.
    compare_exchange: holds() => upgrade_beside_drop(|count| {
        loop {
            let seen = count.load(Relaxed); // Relaxed: checked by the exchange
            if seen == 0 {
                return false;
            }
            // Relaxed: the value was there before the weak reference was; a failure is tried again.
            if count.compare_exchange(seen, seen + 1, Relaxed, Relaxed).is_ok() {
                return true;
            }
            hint::spin_loop();
        }
    });
    /// Zero is overwritten before it is looked at.
    add_then_look: fails(DataRace) => upgrade_beside_drop(|count| {
        count.fetch_add(1, AcqRel); // AcqRel: no ordering helps
        true
    });
    /// The count reaches zero between the look and the addition.
    look_then_add: fails(DataRace) => upgrade_beside_drop(|count| {
        let alive = count.load(Acquire) > 0; // Acquire: no ordering helps
        if alive {
            count.fetch_add(1, AcqRel); // AcqRel: no ordering helps
        }
        alive
    });
}

fn upgrade_beside_drop(upgrade: impl Fn(&AtomicUsize) -> bool + Sync) {
    let (count, value) = (AtomicUsize::new(1), UnsafeCell::new(Some(7)));
    let drop_one = || {
        // Release: pairs with the last owner's fence.
        if count.fetch_sub(1, Release) == 1 {
            fence(Acquire); // pairs with every other decrement
            // SAFETY: the count is zero, so nobody has the value; that is the claim under test.
            value.with_mut(|v| unsafe { *v = None });
        }
    };
    thread::scope(|s| {
        s.spawn(drop_one);
        s.spawn(|| {
            if upgrade(&count) {
                // SAFETY: this is an owner, and owners only read; that is the claim under test.
                assert_eq!(value.with(|v| unsafe { *v }), Some(7));
                drop_one();
            }
        });
    });
    assert_eq!(value.into_inner(), None, "the value is destroyed");
}
