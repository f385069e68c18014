//! Two threads may race on a Relaxed atomic; on plain data the same race is undefined behaviour.
//!
//! Shape: a store and a load of one location, unordered. Relaxed orders nothing, but each access is
//! whole and the outcomes are the old value and the new one. The plain twin has no outcomes at all:
//! a data race is undefined behaviour in Rust, "benign" or not. Two plain reads do not race.
//!
//! Source: ISO C++20 [intro.races] p21; Boehm, HotPar 2011 (no data race is benign).
//! Does not show: what the compiler makes of the race; tearing is the least of it.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering::Relaxed};
use super::rt::thread;

cases! {
    /// The load returns the old value or the new one.
    relaxed: observes()
        .required([0, 1])
        => atomic();
    /// The same with plain data.
    plain: fails(DataRace) => plain();
    /// A store of the value that is there already is a write, and races too.
    plain_same_value: fails(DataRace) => plain_same_value();
    /// Readers alone do not race.
    plain_reads: holds() => plain_reads();
}

fn atomic() -> u32 {
    let x = AtomicU32::new(0);
    thread::scope(|s| {
        s.spawn(|| x.store(1, Relaxed)); // Relaxed: only the value matters
        s.spawn(|| x.load(Relaxed)).join().unwrap() // Relaxed: as above
    })
}

fn plain() {
    let x = UnsafeCell::new(0);
    thread::scope(|s| {
        // SAFETY: none: the other thread reads at the same time.
        s.spawn(|| x.with_mut(|x| unsafe { *x = 1 }));
        // SAFETY: none: the other thread writes at the same time.
        s.spawn(|| x.with(|x| unsafe { *x }));
    });
}

fn plain_same_value() {
    let x = UnsafeCell::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            // SAFETY: none: two threads write, and that they write the same does not help.
            s.spawn(|| x.with_mut(|x| unsafe { *x = 0 }));
        }
    });
}

fn plain_reads() {
    let x = UnsafeCell::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            // SAFETY: both threads only read, and reads do not conflict.
            s.spawn(|| assert_eq!(x.with(|x| unsafe { *x }), 0));
        }
    });
}
