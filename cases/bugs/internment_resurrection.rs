//! A count that has reached zero must not be raised again by a lookup that still finds the entry.
//!
//! Shape: interned values are counted, and whoever drops the last reference removes the value from
//! the table. Between the decrement to zero and the removal a lookup finds the entry and raises its
//! count from zero: it has a reference to what is about to be freed. Decrement and removal have to
//! be one step under the table's lock.
//!
//! Source: RUSTSEC-2020-0017 (internment, ArcIntern).
//! Does not show: a lookup that makes the entry anew.

use super::rt::boxed::Box;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the decrement comes before the lock.
    decrement_then_lock: fails(UseAfterFree) => drop_and_look_up(false);
    /// As fixed: both are done under the lock.
    lock_then_decrement: holds()
        .slack(
            "drop_reference: count.fetch_sub",
            "Relaxed",
            "for its twin, which has no lock there",
        )
        => drop_and_look_up(true);
}

/// The table's one entry: a count of references.
struct Entry(*mut AtomicU32);

// SAFETY: the entry is reached under the table's lock, or by a counted reference.
unsafe impl Send for Entry {}

fn drop_reference(table: &Mutex<Option<Entry>>, count: &AtomicU32, lock_first: bool) {
    let mut locked = lock_first.then(|| table.lock().unwrap());
    // AcqRel: what all owners did happens before the freeing
    if count.fetch_sub(1, AcqRel) == 1 {
        let table = locked.get_or_insert_with(|| table.lock().unwrap());
        if let Some(Entry(entry)) = table.take() {
            // SAFETY: the count was zero and the entry is out of the table, so nobody finds it any
            // more; but a lookup between the decrement and the lock has found it.
            drop(unsafe { Box::from_raw(entry) });
        }
    }
}

/// Takes a reference to the entry if there is one.
fn look_up(table: &Mutex<Option<Entry>>) -> bool {
    let table = table.lock().unwrap();
    if let Some(Entry(entry)) = &*table {
        // SAFETY: the entry is in the table, so it is not freed.
        unsafe { &**entry }.fetch_add(1, Relaxed); // Relaxed: the lock orders it
    }
    table.is_some()
}

fn drop_and_look_up(lock_first: bool) {
    let entry = Box::into_raw(Box::new(AtomicU32::new(1)));
    // SAFETY: each thread uses this only while its own reference is counted; one that was raised
    // from zero is counted too late.
    let count: &AtomicU32 = unsafe { &*entry };
    let table = Mutex::new(Some(Entry(entry)));
    thread::scope(|s| {
        s.spawn(|| drop_reference(&table, count, lock_first));
        s.spawn(|| {
            if look_up(&table) {
                drop_reference(&table, count, lock_first);
            }
        });
    });
}
