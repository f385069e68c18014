//! All threads agree on the order of the stores to one location, even when everything is Relaxed.
//!
//! Shape: CoWW, CoRW and CoWR, beside CoRR in `coherent_reads`. Each location has one modification
//! order. A thread's own stores keep theirs in it, a store comes after whatever the thread has read
//! before, and a load never reads what the thread's own store has replaced.
//!
//! Source: ISO C++20 [intro.races] p4, p15, p17 and p18; std docs, `Ordering::Relaxed`.
//! Does not show: two locations. There all of it fails: `two_plus_two_writes` is what becomes of
//! CoWW, `shape_s` of CoRW, `store_buffering` of CoWR.

use super::rt::sync::atomic::{AtomicU32, Ordering::Relaxed};
use super::rt::thread;

cases! {
    /// CoWW: a thread's later store is the later one for everybody.
    write_write: observes()
        .required([(0, 2), (1, 2), (2, 2)])
        .forbidden((0, 1), "the first store does not come last")
        => beside(load, store_twice);
    /// CoRW: a thread's store comes after what it has read.
    read_write: observes()
        .required([(0, 1), (0, 2), (2, 1)])
        .forbidden((2, 2), "the store of 1 after the load of 2 overwrites it")
        => beside(load_then_store, store);
    /// CoWR: a load sees the thread's own store or a later one.
    write_read: observes()
        .required([(1, 1), (1, 2), (2, 2)])
        .forbidden((0, 1), "the own store is not passed over")
        .forbidden((2, 1), "the 2 that is read after the own store came after it, so it is last")
        => beside(store_then_load, store);
}

fn load(x: &AtomicU32) -> u32 {
    x.load(Relaxed) // Relaxed: coherence needs no partner
}

fn store(x: &AtomicU32) {
    x.store(2, Relaxed); // Relaxed: coherence needs no partner
}

fn store_twice(x: &AtomicU32) {
    x.store(1, Relaxed); // Relaxed: coherence needs no partner
    x.store(2, Relaxed); // Relaxed: as above
}

fn load_then_store(x: &AtomicU32) -> u32 {
    let seen = x.load(Relaxed); // Relaxed: coherence needs no partner
    x.store(1, Relaxed); // Relaxed: as above
    seen
}

fn store_then_load(x: &AtomicU32) -> u32 {
    x.store(1, Relaxed); // Relaxed: coherence needs no partner
    x.load(Relaxed) // Relaxed: as above
}

/// What `reader` returns beside `writer`, and the last value.
fn beside(reader: fn(&AtomicU32) -> u32, writer: fn(&AtomicU32)) -> (u32, u32) {
    let x = AtomicU32::new(0);
    let seen = thread::scope(|s| {
        let reader = s.spawn(|| reader(&x));
        s.spawn(|| writer(&x));
        reader.join().unwrap()
    });
    (seen, x.load(Relaxed)) // Relaxed: the joins order both threads before it
}
