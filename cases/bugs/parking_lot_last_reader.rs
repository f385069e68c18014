//! Whatever operation tells a writer that the last reader is gone must acquire.
//!
//! Shape: a reader reads and counts itself out with Release. A writer claims the lock and learns
//! that no reader is left: by polling the state, by the exchange that would have marked it as
//! parked, or by the addition that turns an upgradable lock into an exclusive one. The lock had all
//! three, and each was Relaxed at first, in three separate reports.
//!
//! Source: parking_lot issues 257 (poll), 294 (upgrade) and 323 (exchange).
//! Does not show: parking; a writer that is not alone gives up here.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

const READER: u32 = 4;
const UPGRADABLE: u32 = 2;
const WRITER: u32 = 1;

cases! {
    /// The polling load is Relaxed.
    relaxed_poll: fails(DataRace) => write_after_reader(WRITER, poll, Relaxed);
    /// As fixed.
    acquire_poll: holds() => write_after_reader(WRITER, poll, Acquire);
    /// The upgrade is Relaxed.
    relaxed_upgrade: fails(DataRace) => write_after_reader(UPGRADABLE, upgrade, Relaxed);
    /// As fixed.
    acquire_upgrade: holds() => write_after_reader(UPGRADABLE, upgrade, Acquire);
    /// The exchange that marks the writer as parked is Relaxed, and it finds no reader.
    relaxed_exchange: fails(DataRace) => write_after_reader(WRITER, exchange, Relaxed);
    /// As fixed: Acquire where it fails as well.
    acquire_exchange: holds()
        .slack(
            "exchange: state.compare_exchange",
            "Relaxed",
            "as published; it finds the reader there",
        )
        => write_after_reader(WRITER, exchange, Acquire);
}

fn poll(state: &AtomicU32, order: Ordering) -> u32 {
    state.load(order) // Acquire: pairs with the reader's decrement
}

fn upgrade(state: &AtomicU32, order: Ordering) -> u32 {
    // Acquire: pairs with the reader's decrement
    state.fetch_sub(UPGRADABLE - WRITER, order) - (UPGRADABLE - WRITER)
}

fn exchange(state: &AtomicU32, order: Ordering) -> u32 {
    const PARKED: u32 = 8;
    let seen = READER + WRITER;
    // Acquire: pairs with the reader's decrement, where it fails
    match state.compare_exchange(seen, seen + PARKED, order, order) {
        Ok(_) => seen,
        Err(now) => now,
    }
}

/// `mine` is what the writer has claimed before, and `look` gives the state as the writer finds it.
fn write_after_reader(mine: u32, look: fn(&AtomicU32, Ordering) -> u32, order: Ordering) {
    let (state, data) = (AtomicU32::new(READER + mine), UnsafeCell::new(7));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: this reader is counted, and the writer writes only when no reader is.
            assert_eq!(data.with(|data| unsafe { *data }), 7);
            state.fetch_sub(READER, Release); // Release: pairs with the writer's look
        });
        s.spawn(|| {
            if look(&state, order) == WRITER {
                // SAFETY: the reader has counted itself out with Release after its read; that the
                // read is over is known only to a look that acquires.
                data.with_mut(|data| unsafe { *data = 8 });
            }
        });
    });
}
