//! A guard that has given out a mutable reference must not become a shared one.
//!
//! Shape: a writer's guard was mapped to a part of the data, for which it holds a mutable reference,
//! and the mapped guard could be downgraded to a reader's. Readers enter, while the reference that
//! the mapping has given out still writes.
//!
//! Source: tokio pull request 3345 (RwLockWriteGuard::map; the release was withdrawn).
//! Does not show: the types that allowed it; the fix took the methods away.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const WRITER: u32 = 1;
const READER: u32 = 2;

cases! {
    /// As published: written through the reference after the downgrade.
    downgraded_while_mapped: fails(DataRace) => write_and_read(true);
    /// The reference ends before the downgrade.
    downgraded_after: holds() => write_and_read(false);
}

fn write_and_read(early: bool) {
    let (state, data) = (AtomicU32::new(WRITER), UnsafeCell::new(7));
    let downgrade = || state.store(READER, Release); // Release: pairs with a reader's exchange
    thread::scope(|s| {
        s.spawn(|| {
            if early {
                downgrade();
            }
            // SAFETY: readers come in after the downgrade; one that comes early lets them in while
            // this is still to be written.
            data.with_mut(|data| unsafe { *data = 8 });
            if !early {
                downgrade();
            }
        });
        s.spawn(|| {
            // Acquire: pairs with the downgrade
            if state.compare_exchange(READER, 2 * READER, Acquire, Relaxed).is_ok() {
                // SAFETY: the exchange read the downgrade, before which the writer has written,
                // unless it goes on by the reference that it has kept.
                let value = data.with(|data| unsafe { *data });
                assert!(value == 7 || value == 8);
            }
        });
    });
}
