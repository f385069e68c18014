//! "I am the only owner" must acquire what the others did before they ceased to be.
//!
//! Shape: one owner uses the shared value and drops its reference, a Release decrement of the
//! count. The other reads the count, finds itself alone, and takes a mutable reference. A Relaxed
//! read of the right number says that the decrement has happened and not that what came before it
//! is over.
//!
//! Source: CVE-2018-25008, rust issue 51780 (Arc::get_mut); Arc::strong_count is Relaxed by design
//! and must not be used for this: rust issue 117485.
//! Does not show: weak references, which `get_mut` has to rule out as well.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published: the count is read Relaxed.
    relaxed: fails(DataRace) => last_owner_writes(Relaxed, false);
    /// As fixed.
    acquire: holds() => last_owner_writes(Acquire, false);
    /// A Relaxed read and a fence behind it, as callers of `strong_count` have to do it.
    relaxed_and_fence: holds() => last_owner_writes(Relaxed, true);
}

fn last_owner_writes(look: Ordering, fenced: bool) {
    let (owners, value) = (AtomicUsize::new(2), UnsafeCell::new(7));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: this owner is counted, so the other one does not find itself alone.
            assert_eq!(value.with(|value| unsafe { *value }), 7);
            owners.fetch_sub(1, Release); // Release: pairs with the other owner's load
        });
        s.spawn(|| {
            // Acquire: pairs with the decrement
            if owners.load(look) == 1 {
                if fenced {
                    fence(Acquire); // Acquire: pairs with the decrement that the load has read
                }
                // SAFETY: the other owner is gone; that its use came before is what its Release and
                // an Acquire here say, and a Relaxed look does not.
                value.with_mut(|value| unsafe { *value = 8 });
            }
        });
    });
}
