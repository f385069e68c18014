//! Data found through an atomic index or pointer needs Acquire, although the address depends on it.
//!
//! Shape: MP+addr. The writer fills a slot and publishes its index; the reader loads the index and
//! reads that slot. Every current CPU keeps a load after the load its address came from, but the
//! language does not: there is no `consume` in Rust, and a compiler that knows the value may drop
//! the dependency. So a Relaxed load of the index races with the filling of the slot.
//!
//! Source: ISO C++20 [intro.races] p7–p9 (memory_order_consume, which Rust leaves out); Boehm,
//! P0371R1, 2016.
//! Does not show: a failure on hardware; the race is in the language.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Who gets the index has acquired what is behind it.
    acquire: holds() => follow(Release, Acquire);
    /// The address dependency alone orders nothing in the language: liburing pull request 1437.
    relaxed_load: fails(DataRace) => follow(Release, Relaxed);
    /// Nor does it help the writer: the index can be out before the slot is filled.
    relaxed_store: fails(DataRace) => follow(Relaxed, Acquire);
}

fn follow(store: Ordering, load: Ordering) {
    let slots = [UnsafeCell::new(7), UnsafeCell::new(0)];
    let current = AtomicUsize::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the reader uses slot 1 only by its index, which is published below.
            slots[1].with_mut(|v| unsafe { *v = 7 });
            current.store(1, store); // Release: pairs with the reader's load
        });
        s.spawn(|| {
            let index = current.load(load); // Acquire: pairs with the writer's store
            // SAFETY: slot 0 is never written by a thread; slot 1 was filled before its index was
            // published, which a Relaxed store or load does not make happen before this.
            assert_eq!(slots[index].with(|v| unsafe { *v }), 7);
        });
    });
}
