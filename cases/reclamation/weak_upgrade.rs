//! A weak reference must not revive a value: it may add one only to a count that is not zero.
//!
//! Shape: the last owner drops the value while a weak reference tries to become an owner. The look
//! at the count and the addition must be one step: else the count can reach zero in between, the
//! value is destroyed, and the new owner uses it. Where the weak reference came from an owner, the
//! value was there before it, and the addition may be Relaxed. `Arc::new_cyclic` hands out the weak
//! reference first: there the count's rise from zero publishes the value, and the upgrade acquires.
//!
//! Source: Rust std, `Weak::upgrade` (which acquires for the sake of `Arc::new_cyclic`);
//! RUSTSEC-2020-0017 (a value found again at count zero).
//! Minimal (compare_exchange): `upgrade_beside_drop: count.fetch_sub` Release,
//! `upgrade_beside_drop: fence` Acquire (Bos, Rust Atomics and Locks, 2023, chapter 6).
//! Minimal (cyclic): `upgrade_beside_making: count.fetch_add` Release, `upgrade:
//! count.compare_exchange` Acquire (alloc's sync.rs at rust commit 00c5289c).
//! Does not show: the memory of the counts, which the weak references keep; `vanillapdf_count_in_object` has one
//! that they do not.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// One is added only to what was seen, and only if it was not zero.
    compare_exchange: holds() => upgrade_beside_drop(|count| upgrade(count, Relaxed));
    /// Zero is overwritten before it is looked at.
    add_then_look: fails(DataRace) => upgrade_beside_drop(|count| {
        count.fetch_add(1, AcqRel); // AcqRel: no ordering helps
        true
    });
    /// The count reaches zero between the look and the addition: zed pull request 30952.
    look_then_add: fails(DataRace) => upgrade_beside_drop(|count| {
        let alive = count.load(Acquire) > 0; // Acquire: no ordering helps
        if alive {
            count.fetch_add(1, AcqRel); // AcqRel: no ordering helps
        }
        alive
    });
    /// The weak reference is there before the value, as in `Arc::new_cyclic`.
    cyclic: holds() => upgrade_beside_making(Release, Acquire);
    /// The count is seen above zero, and the value is not seen.
    cyclic_relaxed_upgrade: fails(DataRace) => upgrade_beside_making(Release, Relaxed);
    /// The count rises before the value is there.
    cyclic_relaxed_making: fails(DataRace) => upgrade_beside_making(Relaxed, Acquire);
}

fn upgrade(count: &AtomicUsize, order: Ordering) -> bool {
    loop {
        let seen = count.load(Relaxed); // Relaxed: checked by the exchange
        if seen == 0 {
            return false;
        }
        // Relaxed where the value was there before the weak reference was; Acquire where it came
        // later: pairs with the count's rise from zero. A failure is tried again.
        if count.compare_exchange(seen, seen + 1, order, Relaxed).is_ok() {
            return true;
        }
        hint::spin_loop();
    }
}

/// One thread makes the value, and another one has a weak reference to it already.
fn upgrade_beside_making(publish: Ordering, order: Ordering) {
    let (count, value) = (AtomicUsize::new(0), UnsafeCell::new(None));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the count is zero until it is raised below, so nobody upgrades and reads.
            value.with_mut(|v| unsafe { *v = Some(7) });
            // Release: Relaxed could raise it before the value is there
            count.fetch_add(1, publish);
        });
        s.spawn(|| {
            if upgrade(&count, order) {
                // SAFETY: the count was raised after the value was made, which Release and Acquire
                // put before this read; nobody makes it again.
                assert_eq!(value.with(|v| unsafe { *v }), Some(7));
            }
        });
    });
}

fn upgrade_beside_drop(upgrade: impl Fn(&AtomicUsize) -> bool + Sync) {
    let (count, value) = (AtomicUsize::new(1), UnsafeCell::new(Some(7)));
    let drop_one = || {
        // Release: pairs with the last owner's fence; Relaxed could count down before the use.
        if count.fetch_sub(1, Release) == 1 {
            fence(Acquire); // Acquire: the others' uses are over, not only counted
            // SAFETY: the count is zero and an upgrade leaves it so, and the fence has acquired
            // every other owner's use; an addition to zero makes an owner all the same.
            value.with_mut(|v| unsafe { *v = None });
        }
    };
    thread::scope(|s| {
        s.spawn(drop_one);
        s.spawn(|| {
            if upgrade(&count) {
                // SAFETY: one was added to a count that was not zero, so the other owner is not the
                // last; added in two steps, or to zero, the value may be gone.
                assert_eq!(value.with(|v| unsafe { *v }), Some(7));
                drop_one();
            }
        });
    });
    assert_eq!(value.into_inner(), None, "the value is destroyed");
}
