//! In a reader–writer lock the readers publish too: a writer must see that they have finished.
//!
//! Shape: the low bits count readers, WRITER says that the lock is held alone, and WAITING holds
//! new readers back. A reader that leaves only subtracts, yet Release is needed: without it the
//! reader's loads and the next writer's stores are unordered. The writer's Acquire synchronises
//! with every reader since, because read-modify-writes continue a release sequence.
//!
//! Source: Courtois, Heymans and Parnas, CACM 14(10), 1971, problem 2; parking_lot issues 257 and
//! 323 (the writer's Relaxed wait).
//! Minimal: `read_lock: state.compare_exchange` Acquire, `write_lock: state.compare_exchange #1`
//! Acquire, `read_beside_write: state.fetch_sub` Release, `read_beside_write: state.fetch_and`
//! Release (Bos, Rust Atomics and Locks, 2023, chapter 9).
//! Does not show: an overflow of the count.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => read_beside_write([Acquire, Release], [Acquire, Release], true);
    /// The reader does not see what the last writer wrote.
    relaxed_read: fails(DataRace)
        => read_beside_write([Relaxed, Release], [Acquire, Release], true);
    /// The reader may still be reading, as far as the next writer can tell.
    relaxed_read_unlock: fails(DataRace)
        => read_beside_write([Acquire, Relaxed], [Acquire, Release], true);
    /// The writer does not see that the readers have finished.
    relaxed_write: fails(DataRace)
        => read_beside_write([Acquire, Release], [Relaxed, Release], true);
    /// The writer does not publish what it wrote.
    relaxed_write_unlock: fails(DataRace)
        => read_beside_write([Acquire, Release], [Acquire, Relaxed], true);
    /// A reader that looks and then adds may add itself to a writer.
    read_in_two_steps: fails(DataRace)
        => read_beside_write([Acquire, Release], [Acquire, Release], false);
}

const WAITING: u32 = 1 << 30;
const WRITER: u32 = 1 << 31;

fn read_lock(state: &AtomicU32, order: Ordering, one_step: bool) {
    loop {
        let seen = state.load(Relaxed); // Relaxed: the step that takes the lock acquires
        if seen & (WRITER | WAITING) == 0 {
            if !one_step {
                state.fetch_add(1, order); // Acquire: as below; the flaw is the gap before
                return;
            }
            // Acquire: pairs with the last writer's unlock, whose data is read. Relaxed: a failure
            // is only tried again.
            if state.compare_exchange(seen, seen + 1, order, Relaxed).is_ok() {
                return;
            }
        }
        hint::spin_loop();
    }
}

fn write_lock(state: &AtomicU32, order: Ordering) {
    loop {
        let seen = state.load(Relaxed); // Relaxed: the step that takes the lock acquires
        if seen & !WAITING == 0 {
            // Acquire: pairs with every unlock before, the readers' too: their reads must be over.
            // Relaxed: a failure is only tried again.
            if state.compare_exchange(seen, WRITER, order, Relaxed).is_ok() {
                return;
            }
        } else if seen & WAITING == 0 {
            // Relaxed: it only asks new readers to wait.
            let _ = state.compare_exchange(seen, seen | WAITING, Relaxed, Relaxed);
        }
        hint::spin_loop();
    }
}

fn read_beside_write(read: [Ordering; 2], write: [Ordering; 2], one_step: bool) {
    let (state, data) = (AtomicU32::new(0), UnsafeCell::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            read_lock(&state, read[0], one_step);
            // SAFETY: this reader is counted, and a writer needs the count to be zero; counted
            // after the look, it may be counted into a writer's turn.
            let value = data.with(|d| unsafe { *d });
            assert!(value == 0 || value == 7);
            state.fetch_sub(1, read[1]); // Release: Relaxed could leave before the read is over
        });
        s.spawn(|| {
            write_lock(&state, write[0]);
            // SAFETY: the word went from no reader and no writer to WRITER in one step; but unless
            // that acquires, and the readers release, their reads may still be going on.
            data.with_mut(|d| unsafe { *d = 7 });
            state.fetch_and(!WRITER, write[1]); // Release: whoever is next sees the data
        });
    });
}
