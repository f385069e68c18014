//! A spin that gives up needs a fallback that is right: the bound is a hope, not an order.
//!
//! Shape: a thread waits three rounds for a flag and then goes on. With the fallback it waits for the
//! other thread's end. Without one it takes the value for granted, and reads it while it is written.
//!
//! Source: Karlin, Li, Manasse and Owicki, *Empirical Studies of Competitive Spinning for a
//! Shared-Memory Multiprocessor*, SOSP 1991 (spin, then block).
//! Does not show: how many rounds are worth it.

use super::rt::cell::UnsafeCell;
use super::rt::sync::Arc;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// Whoever gave up joins the writer first.
    falls_back: holds() => spin(true);
    /// Whoever gave up goes on all the same. A loom thread that yields lets the others go first.
    no_fallback: fails(DataRace).misses(Loom, SkipsInterleavings) => spin(false);
}

fn spin(falls_back: bool) {
    let shared = Arc::new((AtomicBool::new(false), UnsafeCell::new(0)));
    let written = shared.clone();
    let writer = thread::spawn(move || {
        // SAFETY: the other thread reads after it has seen the flag, or joined; without a fallback neither.
        written.1.with_mut(|p| unsafe { *p = 1 });
        written.0.store(true, Release); // Release: pairs with the spin's load; weaker, the write may come late
    });
    let reader = thread::spawn(move || {
        let seen = (0..3).any(|_| {
            thread::yield_now();
            shared.0.load(Acquire) // Acquire: pairs with the writer's store; Relaxed would order nothing
        });
        if !seen && falls_back {
            writer.join().unwrap();
        }
        // SAFETY: the flag was seen, or the writer joined; without a fallback perhaps neither, and this races.
        assert_eq!(shared.1.with(|p| unsafe { *p }), 1);
    });
    reader.join().unwrap();
}
