//! A lock whose release is Relaxed excludes other threads and shows them old data.
//!
//! Shape: two threads take the lock by a compare-exchange and change what it guards. At most one of
//! them is inside at any time, so nothing seems wrong; but what the first wrote need not be visible
//! to the second, because nothing orders the unlock after the writes before it.
//!
//! Source: RUSTSEC-2019-0013 (spin, RwLock).
//! Does not show: waiting for the lock; who finds it taken goes away.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

const FREE: usize = 0;
const WRITER: usize = 1;

cases! {
    /// As published: the guard's drop stores Relaxed.
    relaxed_unlock: fails(DataRace) => two_writers(Relaxed);
    /// As fixed.
    release_unlock: holds() => two_writers(Release);
}

fn two_writers(unlock: Ordering) {
    let (lock, data) = (AtomicUsize::new(FREE), UnsafeCell::new(0));
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                // Acquire: pairs with the store that unlocks
                if lock.compare_exchange(FREE, WRITER, Acquire, Relaxed).is_ok() {
                    // SAFETY: one exchange took the lock from FREE, so no other writer is in; that
                    // the one before has finished is what the Release of its unlock says.
                    data.with_mut(|data| unsafe { *data += 1 });
                    lock.store(FREE, unlock); // Release: pairs with the compare-exchange
                }
            });
        }
    });
}
