//! A value that is freed as soon as it is replaced is freed under its readers.
//!
//! Shape: a reader loads a pointer and uses what is behind it; the writer swaps in a new value and
//! frees the old one. Orderings do not help: nothing says that the reader has finished. A lock
//! around use and replacement does; so does leaving the old value until the readers have ended.
//!
//! Source: RUSTSEC-2024-0007 (a reader without a count).
//! Does not show: how to free it earlier; the other files of this family do.

use super::rt::boxed::Box;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// The old value is freed between the reader's load and its use.
    freed_at_once: fails(UseAfterFree) => replace(false, true);
    /// Use and replacement exclude each other.
    locked: holds() => replace(true, true);
    /// The old value is freed after the reader has ended.
    freed_at_the_end: holds() => replace(false, false);
    /// Two writers that replace in two steps may take the same value out, and both free it.
    taken_out_twice: fails(DoubleFree) => replace_by_two(|current, new| {
        // Acquire: pairs with the other's store; the flaw is the gap that follows.
        let old = current.load(Acquire);
        current.store(new, Release); // Release: pairs with the other's load
        old
    });
    /// In one step each takes out another one: what it frees, it owns.
    taken_out_once: holds()
        // AcqRel: pairs with the other's swap, whichever comes first
        => replace_by_two(|current, new| current.swap(new, AcqRel));
    /// The other's value is taken out and freed before it is seen to be made.
    swap_without_acquire: fails(UseAfterFree)
        // Release: pairs with nothing, for the other acquires nothing
        => replace_by_two(|current, new| current.swap(new, Release));
    /// The new value is not published to who takes it out and frees it.
    swap_without_release: fails(UseAfterFree)
        // Acquire: pairs with nothing, for the other releases nothing
        => replace_by_two(|current, new| current.swap(new, Acquire));
}

fn replace(locked: bool, at_once: bool) {
    let boxed = |value| Box::into_raw(Box::new(AtomicU32::new(value)));
    let (current, lock) = (AtomicPtr::new(boxed(7)), Mutex::new(()));
    let free = |pointer: *mut AtomicU32| {
        // SAFETY: it was swapped out, or is the last one, so it is freed once; and it is not in use
        // if the lock or the end of the threads keeps the reader out. Nothing does when it is freed
        // at once without the lock.
        drop(unsafe { Box::from_raw(pointer) });
    };
    let old = thread::scope(|s| {
        s.spawn(|| {
            let _held = locked.then(|| lock.lock().unwrap());
            let found = current.load(Acquire); // Acquire: the new value was made before the swap
            // SAFETY: under the lock, or while nothing is freed before the end, the value stays;
            // else it may have been freed since the load above.
            let value = unsafe { &*found }.load(Relaxed); // Relaxed: the pointer orders it
            assert!(value == 7 || value == 8);
        });
        let writer = s.spawn(|| {
            let _held = locked.then(|| lock.lock().unwrap());
            let old = current.swap(boxed(8), Release); // Release: publishes the new value
            if at_once {
                free(old);
            }
            AtomicPtr::new(old)
        });
        writer.join().unwrap()
    });
    if !at_once {
        free(old.into_inner());
    }
    free(current.into_inner());
}

fn replace_by_two(take_out: fn(&AtomicPtr<AtomicU32>, *mut AtomicU32) -> *mut AtomicU32) {
    let boxed = |value| Box::into_raw(Box::new(AtomicU32::new(value)));
    let current = AtomicPtr::new(boxed(7));
    let replace = || {
        let old = take_out(&current, boxed(8));
        // SAFETY: a swap gives each value to one thread, and AcqRel gives it with its making. In
        // two steps both may have taken this one out.
        drop(unsafe { Box::from_raw(old) });
    };
    thread::scope(|s| {
        s.spawn(replace);
        s.spawn(replace);
    });
    // SAFETY: the threads have ended, and the last value is nobody's.
    drop(unsafe { Box::from_raw(current.into_inner()) });
}
