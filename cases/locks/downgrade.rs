//! A writer that goes on as a reader keeps what it wrote; dropping and reading again may not.
//!
//! Shape: a thread writes and then reads its own value. Downgrading turns the lock from alone to
//! shared in one step, so no writer comes between. Unlocking and locking again leaves a gap.
//!
//! Source: `parking_lot::RwLockWriteGuard::downgrade` documentation; `std` has the same method
//! since 1.92.
//! Does not show: the way back, from reader to writer; `upgradable_read_lock` does.

use super::rt::parking_lot::{RwLock, RwLockWriteGuard};
use super::rt::thread;

cases! {
    /// Nobody writes between the write and the read.
    downgraded: holds() => write_and_read_by_two(|value, mine| {
        let mut held = value.write();
        *held = mine;
        *RwLockWriteGuard::downgrade(held)
    });
    /// The other writer comes between.
    locked_again: fails(Assertion) => write_and_read_by_two(|value, mine| {
        *value.write() = mine;
        *value.read()
    });
    /// The guard of the write is still held.
    read_while_writing: fails(Deadlock) => write_and_read_by_two(|value, mine| {
        let mut held = value.write();
        *held = mine;
        *value.read()
    });
}

fn write_and_read_by_two(write_and_read: impl Fn(&RwLock<u32>, u32) -> u32 + Sync) {
    let value = RwLock::new(0);
    let (value, write_and_read) = (&value, &write_and_read);
    thread::scope(|s| {
        for mine in 1..=2 {
            s.spawn(move || assert_eq!(write_and_read(value, mine), mine, "another wrote"));
        }
    });
}
