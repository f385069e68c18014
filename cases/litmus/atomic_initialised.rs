//! That a field is atomic does not publish it: its first value is written by a plain write.
//!
//! Shape: a thread makes a node with an atomic field, stores into the field, and publishes the node by a
//! pointer; another one finds the pointer and uses the field. Making the node is no atomic access, so the
//! pointer has to be released and acquired, whatever the field's own orderings are. A race detector that
//! compares a load with the store that it has read from may not see it. Where the node was there before the threads,
//! a Relaxed pointer does: the field is then only an old value or a new one.
//!
//! Source: google sanitizers issue 1014, 2018 (ThreadSanitizer sees it if the use is a
//! read-modify-write, and not if it is a load); ISO C++20 [intro.races] p21 (a race).
//! Does not show: a value that is read torn; the race is undefined.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The node is made before the pointer is out.
    released: holds()
        .slack("publish: field.store", "Relaxed", "for its twins")
        .slack("released: field.load", "Relaxed", "for its twins")
        => publish(Release, Acquire, |field| field.load(Acquire)); // Acquire: as published
    /// The field is stored with Release and loaded with Acquire, and was made by neither.
    relaxed_pointer_load: fails(DataRace)
        => publish(Relaxed, Relaxed, |field| field.load(Acquire)); // Acquire: as published
    /// The same with a read-modify-write.
    relaxed_pointer_add: fails(DataRace)
        => publish(Relaxed, Relaxed, |field| field.fetch_add(1, Acquire)); // Acquire: as published
    /// The node is older than the threads, and nothing else depends on its field.
    made_before: observes().required([1]).interesting(0, "the value before the store").weak([0]) => {
        let node = AtomicU32::new(0);
        let place = AtomicPtr::new(null_mut());
        thread::scope(|s| {
            s.spawn(|| {
                node.store(1, Relaxed); // Relaxed: the question
                place.store((&raw const node).cast_mut(), Relaxed); // Relaxed: the question
            });
            s.spawn(|| {
                let found = place.load(Relaxed); // Relaxed: the question
                // SAFETY: the node is freed after the threads.
                if found.is_null() { 1 } else { unsafe { &*found }.load(Relaxed) } // Relaxed: as above
            })
            .join()
            .unwrap()
        })
    };
}

fn publish(publish: Ordering, find: Ordering, use_it: fn(&AtomicU32) -> u32) {
    let place = AtomicPtr::new(null_mut());
    thread::scope(|s| {
        s.spawn(|| {
            let node = Box::into_raw(Box::new(AtomicU32::new(0)));
            // SAFETY: it is freed after the threads.
            let field = unsafe { &*node };
            field.store(1, Release); // Release: as published
            place.store(node, publish); // Release: pairs with the load of the pointer
        });
        s.spawn(|| {
            let node = place.load(find); // Acquire: pairs with the pointer's store
            if !node.is_null() {
                // SAFETY: it was made before the pointer was released, which was acquired; with a Relaxed
                // pointer this may come before the node is made.
                use_it(unsafe { &*node });
            }
        });
    });
    // SAFETY: the threads have ended, and the node was made.
    drop(unsafe { Box::from_raw(place.into_inner()) });
}
