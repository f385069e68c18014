//! A mark that is set after the count has reached zero comes too late for an upgrade that looks at the mark.
//!
//! Shape: the last owner takes the count to zero, sets a mark, and destroys the value. A weak reference
//! looks at the mark, and if it is not set adds one to the count. Between the decrement and the mark that
//! raises the count from zero, and when the new owner is gone the value is destroyed a second time. The
//! count itself tells in time what the mark tells too late: it may be raised only if it is not zero, and
//! that look and the addition are one step.
//!
//! Source: nitro pull request 1467, 2026; vanillapdf pull request 495, 2026 (the same two steps).
//! Does not show: the memory of the count (`vanillapdf_count_in_object`); `weak_upgrade` has a look at the count.

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published.
    mark_then_add: fails(DoubleFree) => upgrade_beside_drop(|count, deleted| {
        // SeqCst: as published; no ordering makes two steps one
        let alive = !deleted.load(SeqCst);
        if alive {
            count.fetch_add(1, SeqCst); // SeqCst: as published
        }
        alive
    });
    /// As fixed.
    add_if_not_zero: holds()
        .slack("upgrade_beside_drop: deleted.store", "Relaxed", "as published: only its twin looks at it")
        => upgrade_beside_drop(|count, _| {
        let add = |n: u32| (n > 0).then_some(n + 1);
        // Relaxed: the value was there before the weak reference, and the look decides nothing but the sum
        count.fetch_update(Relaxed, Relaxed, add).is_ok()
    });
}

fn upgrade_beside_drop(upgrade: fn(&AtomicU32, &AtomicBool) -> bool) {
    let value = Box::into_raw(Box::new(UnsafeCell::new(0))).expose_provenance();
    let pointer = || std::ptr::with_exposed_provenance_mut::<UnsafeCell<u32>>(value);
    let (count, deleted) = (AtomicU32::new(1), AtomicBool::new(false));
    let release = || {
        // Release: publishes this owner's use. Acquire: takes in the others'
        if count.fetch_sub(1, AcqRel) == 1 {
            deleted.store(true, SeqCst); // SeqCst: as published
            // SAFETY: the count is zero and stays so, if nobody raises it from there; what the others did
            // was released with their decrements, and is acquired.
            drop(unsafe { Box::from_raw(pointer()) });
        }
    };
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: this owner is counted until it releases, and the other one does not use the value.
            unsafe { &*pointer() }.with_mut(|v| unsafe { *v = 7 });
            release();
        });
        s.spawn(|| {
            if upgrade(&count, &deleted) {
                release();
            }
        });
    });
}
