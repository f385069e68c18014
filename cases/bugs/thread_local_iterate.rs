//! A pointer read Relaxed leads to what may not be there yet.
//!
//! Shape: each thread keeps its value in a bucket of its own, made at first use and published by a
//! Release store of its pointer. Iterating over all threads' values reads the other threads'
//! pointers. It read them Relaxed, and so without the contents that the store had published.
//!
//! Source: RUSTSEC-2022-0006 (thread_local).
//! Does not show: dependency ordering; the address is read before the contents on most machines,
//! but neither the language nor its compilers promise it for Relaxed.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicPtr, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// As published.
    relaxed: fails(DataRace) => iterate_while_made(Relaxed);
    /// As fixed.
    acquire: holds() => iterate_while_made(Acquire);
}

fn iterate_while_made(look: Ordering) {
    let bucket = AtomicPtr::new(null_mut());
    thread::scope(|s| {
        s.spawn(|| {
            let made = Box::into_raw(Box::new(UnsafeCell::new(7)));
            bucket.store(made, Release); // Release: pairs with the iteration's load
        });
        s.spawn(|| {
            let found: *mut UnsafeCell<u32> = bucket.load(look); // Acquire: pairs with the store
            if !found.is_null() {
                // SAFETY: the bucket is freed after both threads have ended, and was made before it
                // was published; a Relaxed load finds its address without that.
                let value = unsafe { &*found }.with(|value| unsafe { *value });
                assert_eq!(value, 7);
            }
        });
    });
    // SAFETY: both threads have ended.
    drop(unsafe { Box::from_raw(bucket.into_inner()) });
}
