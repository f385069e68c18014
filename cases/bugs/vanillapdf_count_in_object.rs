//! An upgrade that raises a count only if it is not zero still reads it, so the count must outlive the object.
//!
//! Shape: the count stands in the object that it counts. The last owner takes it to zero and frees the object; a
//! weak reference that has a pointer to it looks at the count, to add one if it is not zero. That it adds
//! nothing to zero does not help: the zero, too, is read from memory that may be gone. A latch outside of the
//! object, which the weak references keep, says under a lock whether the object is there, and freeing takes it.
//!
//! Source: vanillapdf issue 505, 2026 (open; as proposed there, a latch in the weak references' block).
//! Does not show: when the latch itself is freed; a count beside the object, as in `Arc`, needs none.

use super::rt::boxed::Box;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As it is: the count is looked at in memory that its last owner frees.
    unlatched: fails(UseAfterFree) => upgrade_beside_drop(false);
    /// As proposed: who looks holds the latch, and who frees takes it first.
    latched: holds() => upgrade_beside_drop(true);
}

fn upgrade_beside_drop(latched: bool) {
    let object = Box::into_raw(Box::new(AtomicU32::new(1))).expose_provenance();
    let pointer = || std::ptr::with_exposed_provenance_mut::<AtomicU32>(object);
    let there = Mutex::new(true);
    let release = || {
        // SAFETY: this owner is counted, so the object is there.
        let count = unsafe { &*pointer() };
        // Release: publishes this owner's use. Acquire: takes in the others'
        if count.fetch_sub(1, AcqRel) == 1 {
            if latched {
                *there.lock().unwrap() = false;
            }
            // SAFETY: the count is zero and nobody raises it; whoever looks at it has the latch, and finds it
            // open from here on. Without the latch somebody may be looking.
            drop(unsafe { Box::from_raw(pointer()) });
        }
    };
    thread::scope(|s| {
        s.spawn(release);
        s.spawn(|| {
            let latch = there.lock().unwrap();
            let add = |n: u32| (n > 0).then_some(n + 1);
            // SAFETY: the latch says that the object is there, and keeps it there; but only if it is taken to free.
            // Relaxed: the object was there before the weak reference
            let upgraded =
                *latch && unsafe { &*pointer() }.fetch_update(Relaxed, Relaxed, add).is_ok();
            drop(latch);
            if upgraded {
                release();
            }
        });
    });
}
