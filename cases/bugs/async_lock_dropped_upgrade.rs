//! A cancelled step must undo all that it has done so far.
//!
//! Shape: an upgradable reader holds a mutex against other writers. Its upgrade sets a writer bit
//! and waits for the readers to leave; until then it may be cancelled. The cancellation cleared the
//! bit and kept the mutex, which had passed from the reader to the upgrade: the next writer waits
//! for a mutex that nobody will release.
//!
//! Source: async-lock commit 30c6c6d (RwLock, a regression that was not released).
//! Does not show: futures; the upgrade is cancelled where it finds the reader.

use super::rt::sync::Semaphore;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const WRITER: u32 = 1;
const READER: u32 = 2;

cases! {
    /// As published: the bit is cleared and the mutex kept.
    bit_only: fails(Deadlock) => upgrade_and_write(false);
    /// As fixed: both are given back.
    bit_and_mutex: holds() => upgrade_and_write(true);
}

fn upgrade_and_write(unlock: bool) {
    let (mutex, state) = (Semaphore::new(1), AtomicU32::new(READER));
    thread::scope(|s| {
        s.spawn(|| {
            let held = mutex.acquire();
            // Relaxed: the reader does not leave, so there is nothing to acquire
            assert_eq!(state.fetch_or(WRITER, Relaxed), READER);
            state.fetch_and(!WRITER, Relaxed); // Relaxed: the mutex orders the next writer
            if !unlock {
                held.forget();
            }
        });
        s.spawn(|| drop(mutex.acquire()));
    });
}
