//! A reader–writer lock orders readers and writers, and nothing between one reader and another.
//!
//! Shape: a thread writes plain data inside a lock, unlocks, and says so by a Relaxed flag. Another one
//! that has seen the flag takes the lock, so later, and reads the data. If one of the two is a writer,
//! the lock puts the first before the second. If both are readers it excludes nothing, and orders
//! nothing: `std` promises that the data inside is safe, which readers are without an order.
//!
//! Source: `std::sync::RwLock` documentation (shared readers, or one writer); ISO C++20
//! [thread.sharedmutex.requirements] (an unlock_shared synchronizes with a later lock, not lock_shared).
//! Does not show: an implementation that orders more, as most do; nobody may rely on it.

use super::rt::cell::UnsafeCell;
use super::rt::sync::RwLock;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// Reader after reader: nothing.
    reader_to_reader: fails(DataRace).misses(Loom, LocksOrderAll) => hand_over(false, false);
    /// What a reader has done happens before the next writer.
    reader_to_writer: holds() => hand_over(false, true);
    /// What a writer has done happens before the next reader.
    writer_to_reader: holds() => hand_over(true, false);
}

fn hand_over(first_writes: bool, second_writes: bool) {
    let (lock, said, data) = (RwLock::new(()), AtomicBool::new(false), UnsafeCell::new(0));
    let inside = |writes: bool, run: &dyn Fn()| {
        if writes {
            let _alone = lock.write().unwrap();
            run();
        } else {
            let _shared = lock.read().unwrap();
            run();
        }
    };
    thread::scope(|s| {
        s.spawn(|| {
            inside(first_writes, &|| {
                // SAFETY: the other thread reads only after it has taken the lock later; where both only
                // read-lock it, that orders nothing, and this is the access that races.
                data.with_mut(|p| unsafe { *p = 1 });
            });
            said.store(true, Relaxed); // Relaxed: the lock is to order, not the flag
        });
        s.spawn(|| {
            // Relaxed: it only learns that the other has left; the lock is to order, not the flag.
            if said.load(Relaxed) {
                // SAFETY: as above: after the lock, if that orders anything.
                inside(second_writes, &|| assert_eq!(data.with(|p| unsafe { *p }), 1));
            }
        });
    });
}
