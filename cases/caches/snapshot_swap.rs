//! Whoever swaps a snapshot must not free the old one while a reader may still be at it.
//!
//! Shape: a reader counts itself in, loads the pointer and reads; a writer swaps the pointer, looks
//! at the count, and frees the old snapshot if nobody is in. That is store buffering: the reader's
//! count and load against the writer's swap and look. With Release and Acquire each may miss the
//! other. SeqCst forbids it; so does a look that is a read-modify-write: if it comes first, the
//! reader's addition reads it and so sees the swap.
//!
//! Source: McKenney, "Is Parallel Programming Hard", ch. 9 (deferred reclamation); arc-swap's docs.
//! Does not show: waiting for the readers; a snapshot in use is kept to the end.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering, Ordering::*};
use super::rt::sync::{Arc, Mutex};
use super::rt::thread;

cases! {
    /// The single order lets one of the two see the other.
    look_seq_cst: holds().alarms(Loom, SeqCstAsAcqRel)
        => swap([SeqCst, SeqCst], |readers| readers.load(SeqCst) == 0); // SeqCst: after the swap
    /// The load overtakes the count, or the look overtakes the swap.
    look_acquire: fails(UseAfterFree).weak()
        => swap([AcqRel, Acquire], |readers| readers.load(Acquire) == 0); // Acquire: not enough
    /// A read-modify-write reads the last count, and the next reader reads it.
    look_read_modify_write: holds()
        .slack("swap: readers.fetch_add", "Acquire", "`look_acquire` fails in spite of it")
        .slack("swap: current.swap", "Release", "`look_acquire` fails in spite of it")
        => swap([AcqRel, Acquire], |readers| readers.fetch_add(0, AcqRel) == 0); // AcqRel: both
    /// Nobody looks.
    no_look: fails(UseAfterFree) => swap([SeqCst, SeqCst], |_| true);
    /// A counted reference that is cloned under a lock needs no look.
    arc_under_mutex: holds() => swap_counted();
}

struct Snapshot([AtomicU32; 2]);

impl Snapshot {
    fn allocate(value: u32) -> *mut Snapshot {
        Box::into_raw(Box::new(Snapshot([AtomicU32::new(value), AtomicU32::new(value)])))
    }
}

fn swap([change, load]: [Ordering; 2], unused: fn(&AtomicU32) -> bool) {
    let current = AtomicPtr::new(Snapshot::allocate(1));
    let (readers, retired) = (AtomicU32::new(0), AtomicPtr::new(core::ptr::null_mut()));
    thread::scope(|s| {
        s.spawn(|| {
            readers.fetch_add(1, change); // AcqRel: pairs with the look; SeqCst: before the load
            let snapshot = current.load(load); // Acquire: pairs with the swap, which published it
            // SAFETY: a writer that swapped it away and then saw no reader looked before this one
            // was counted, so this load found the new one; unless the orderings let both miss the
            // other.
            let Snapshot([left, right]) = unsafe { &*snapshot };
            // Relaxed: the pointer's load acquired what the swap published.
            assert_eq!(left.load(Relaxed), right.load(Relaxed), "not one snapshot");
            readers.fetch_sub(1, Release); // Release: pairs with the look
        });
        s.spawn(|| {
            // AcqRel: publishes the new snapshot; SeqCst: before the look in the single order
            let old = current.swap(Snapshot::allocate(2), change);
            if unused(&readers) {
                // SAFETY: it came from `allocate`, and nobody is counted.
                drop(unsafe { Box::from_raw(old) });
            } else {
                retired.store(old, Relaxed); // Relaxed: the join publishes it
            }
        });
    });
    // Relaxed: the joins order everything before these loads.
    for snapshot in [current.load(Relaxed), retired.load(Relaxed)] {
        if !snapshot.is_null() {
            // SAFETY: it came from `allocate`, was not freed, and the threads are gone.
            drop(unsafe { Box::from_raw(snapshot) });
        }
    }
}

fn swap_counted() {
    let current = Mutex::new(Arc::new(1));
    thread::scope(|s| {
        s.spawn(|| {
            let snapshot = current.lock().unwrap().clone();
            assert!(*snapshot == 1 || *snapshot == 2);
        });
        s.spawn(|| *current.lock().unwrap() = Arc::new(2));
    });
}
