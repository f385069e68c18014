//! A guard that has been released by hand must not release again when it is dropped.
//!
//! Shape: a sequence lock's writer may abort: it stores the old stamp, for nothing was written. The
//! guard is then dropped as any guard is, and its drop stores the next stamp. In between another
//! writer may have taken the lock, and the second store takes it away from that one.
//!
//! Source: crossbeam pull request 596 (crossbeam-utils, wide sequence lock).
//! Does not show: readers, who would take the stolen stamp for a consistent one.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use super::rt::thread;

/// The stamp while a writer is inside; others are even.
const WRITING: usize = 1;

cases! {
    /// As published: the aborted guard is dropped.
    dropped: fails(DataRace) => abort_and_write(true);
    /// As fixed: the aborted guard is forgotten.
    forgotten: holds() => abort_and_write(false);
}

struct Lock {
    stamp: AtomicUsize,
    data: UnsafeCell<u32>,
}

impl Lock {
    /// Tries once; gives the old stamp.
    fn enter(&self) -> Option<usize> {
        let old = self.stamp.swap(WRITING, Acquire); // Acquire: pairs with the store in `leave`
        (old != WRITING).then_some(old)
    }

    fn leave(&self, stamp: usize) {
        self.stamp.store(stamp, Release); // Release: pairs with the swap in `enter`
    }

    fn write(&self) {
        if let Some(old) = self.enter() {
            // SAFETY: the swap found another stamp than WRITING, so nobody was inside, and nobody
            // comes in before this one leaves; unless an aborted guard leaves for it.
            self.data.with_mut(|data| unsafe { *data += 1 });
            self.leave(old + 2);
        }
    }
}

fn abort_and_write(drop_guard: bool) {
    let lock = Lock { stamp: AtomicUsize::new(0), data: UnsafeCell::new(0) };
    thread::scope(|s| {
        s.spawn(|| {
            if let Some(old) = lock.enter() {
                lock.leave(old);
                if drop_guard {
                    lock.leave(old + 2);
                }
            }
            lock.write();
        });
        s.spawn(|| lock.write());
    });
}
