//! A hit that notes when the entry was last used is a write, and a read lock does not cover it.
//!
//! Shape: two readers hit one entry under the read lock and each notes its time in a plain field:
//! readers do not exclude each other, so they race. The note can be atomic, or hits can take the
//! write lock. A maximum keeps an earlier time from being written over a later one, which a plain
//! store of the atomic would allow.
//!
//! Source: ISO C++20 [intro.races] p21; Rust std, `RwLock` (many readers at one time).
//! Does not show: a list in order of use, whose links a hit must move under the write lock.

use super::rt::cell::UnsafeCell;
use super::rt::sync::RwLock;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// Two readers write one plain field.
    plain_field: fails(DataRace)
        .misses(Loom, SkipsInterleavings)
        => hit(UnsafeCell::new(0), |entry, now| {
        let used = entry.read().unwrap();
        // SAFETY: none: a read lock lets the other hit in as well.
        used.with_mut(|used| unsafe { *used = now.max(*used) });
    }, UnsafeCell::into_inner);
    /// Under the write lock a plain field is enough.
    write_lock: holds() => hit(0, |entry, now| {
        let mut used = entry.write().unwrap();
        *used = now.max(*used);
    }, |used| used);
    /// Readers may change an atomic together.
    atomic_maximum: holds().exposed() => hit(AtomicU32::new(0), |entry, now| {
        entry.read().unwrap().fetch_max(now, Relaxed); // Relaxed: the time orders nothing else
    }, |used| used.load(Relaxed)); // Relaxed: the joins order the hits before it
    /// No race, but the earlier hit may come last.
    atomic_store: fails(Assertion) => hit(AtomicU32::new(0), |entry, now| {
        entry.read().unwrap().store(now, Relaxed); // Relaxed: no ordering makes it a maximum
    }, |used| used.load(Relaxed)); // Relaxed: the joins order the hits before it
}

fn hit<T: Send + Sync>(used: T, note: fn(&RwLock<T>, u32), time: fn(T) -> u32) {
    let entry = RwLock::new(used);
    thread::scope(|s| {
        for now in [1, 2] {
            let entry = &entry;
            s.spawn(move || note(entry, now));
        }
    });
    assert_eq!(time(entry.into_inner().unwrap()), 2, "the last use is forgotten");
}
