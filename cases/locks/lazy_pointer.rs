//! A lazy value without a lock: several threads may make it, one publishes it, the others discard.
//!
//! Shape: a thread that finds a null pointer makes a value and exchanges null for it. Who succeeds
//! publishes: Release. Who fails must use what it found: so the *failure* ordering is an Acquire,
//! as is the first look; a loser also frees its own. A plain swap replaces a value in use.
//!
//! Source: ISO C++20 [atomics.types.operations] p23 (the two orderings of a compare-exchange).
//! Minimal: `get_twice: slot.load` Acquire, `publish: slot.compare_exchange` Release, `publish:
//! slot.compare_exchange (failure)` Acquire (Bos, Rust Atomics and Locks, 2023, chapter 3).
//! Does not show: a value too dear to be made twice; then the others have to wait.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering, Ordering::*};
use super::rt::thread;
use core::ptr;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => get_twice(Acquire, publish(Release, Acquire, true));
    /// The look finds the pointer without the value behind it.
    relaxed_look: fails(DataRace) => get_twice(Relaxed, publish(Release, Acquire, true));
    /// The pointer is published without the value behind it.
    relaxed_publish: fails(DataRace) => get_twice(Acquire, publish(Relaxed, Acquire, true));
    /// The loser uses the pointer it found without acquiring the value behind it.
    relaxed_failure: fails(DataRace) => get_twice(Acquire, publish(Release, Relaxed, true));
    /// The loser's own value is never freed.
    loser_forgets: fails(Leak) => get_twice(Acquire, publish(Release, Acquire, false));
    /// The second value replaces the first, which is still in use.
    swap: fails(UseAfterFree)
        => get_twice(Acquire, swap);
}

/// Its initialisation is a plain write; its own loads are Relaxed, so they order nothing.
type Value = AtomicU32;

fn publish(
    success: Ordering,
    failure: Ordering,
    free: bool,
) -> impl Fn(&AtomicPtr<Value>, *mut Value) -> *mut Value + Sync {
    move |slot, mine| {
        // Release: pairs with the look and with a failure; Relaxed would publish an address without
        // its contents. Acquire: on failure the winner's contents are used, and nothing else reads
        // them first.
        match slot.compare_exchange(ptr::null_mut(), mine, success, failure) {
            Ok(_) => mine,
            Err(theirs) => {
                if free {
                    // SAFETY: nobody else has seen the pointer.
                    drop(unsafe { Box::from_raw(mine) });
                }
                theirs
            }
        }
    }
}

fn swap(slot: &AtomicPtr<Value>, mine: *mut Value) -> *mut Value {
    // AcqRel: pairs with the look and with another swap; no ordering helps.
    let before = slot.swap(mine, AcqRel);
    if !before.is_null() {
        // SAFETY: none: this frees what the other thread may have got before and be using.
        drop(unsafe { Box::from_raw(before) });
    }
    mine
}

fn get_twice(look: Ordering, settle: impl Fn(&AtomicPtr<Value>, *mut Value) -> *mut Value + Sync) {
    let slot = AtomicPtr::new(ptr::null_mut());
    let get = || {
        // Acquire: pairs with the exchange that published it; the address is no ordering, so
        // Relaxed finds it without its contents.
        let mut value: *mut Value = slot.load(look);
        if value.is_null() {
            value = settle(&slot, Box::into_raw(Box::new(Value::new(7))));
        }
        // SAFETY: a published value stays until both threads have ended; `swap` breaks that.
        // Relaxed: the look, or the failed exchange, has acquired what was written before it.
        assert_eq!(unsafe { &*value }.load(Relaxed), 7);
    };
    thread::scope(|s| {
        s.spawn(get);
        s.spawn(get);
    });
    // SAFETY: the threads have ended, and one of them has published.
    drop(unsafe { Box::from_raw(slot.into_inner()) });
}
