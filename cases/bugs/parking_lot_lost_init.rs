//! Who loses the race to initialise must acquire what the winner made.
//!
//! Shape: two threads need a table. Each makes one and offers it by a compare-exchange on a null
//! pointer; the loser drops its own and uses the winner's. The loser reads the winner's pointer by
//! the *failed* exchange, so it is the failure ordering that makes the table's contents visible.
//!
//! Source: parking_lot commit a02c309 (the hash table of parking_lot_core), and the same again in
//! commit 8c36d8c (the Windows back end), five years later.
//! Does not show: growing the table.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicPtr, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: a failed exchange is Relaxed.
    relaxed_failure: fails(DataRace) => both_initialise(Relaxed);
    /// As fixed.
    acquire_failure: holds() => both_initialise(Acquire);
}

type Table = UnsafeCell<u32>;

fn get(table: &AtomicPtr<Table>, failure: Ordering) -> *mut Table {
    let found = table.load(Acquire); // Acquire: pairs with the exchange
    if !found.is_null() {
        return found;
    }
    let new = Box::into_raw(Box::new(UnsafeCell::new(7)));
    // Release: pairs with the load and with the failed exchange; Acquire where it fails
    match table.compare_exchange(null_mut(), new, Release, failure) {
        Ok(_) => new,
        Err(winner) => {
            // SAFETY: nobody else has seen the loser's table.
            drop(unsafe { Box::from_raw(new) });
            winner
        }
    }
}

fn both_initialise(failure: Ordering) {
    let table = AtomicPtr::new(null_mut());
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                // SAFETY: a table that is installed is never freed here, and was made before it was
                // offered; a loser whose failure is Relaxed has its address and not that.
                let value = unsafe { &*get(&table, failure) }.with(|value| unsafe { *value });
                assert_eq!(value, 7);
            });
        }
    });
    // SAFETY: both threads have ended, and one of them has installed the table.
    drop(unsafe { Box::from_raw(table.into_inner()) });
}
