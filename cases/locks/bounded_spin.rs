//! A spin that gives up needs a fallback that is right: the bound is a hope, not an order.
//!
//! Shape: a thread waits three rounds for a flag and then goes on. With the fallback it waits for the
//! other thread's end. Without one it takes the value for granted, and reads it while it is written.
//!
//! Source: Karlin, Li, Manasse and Owicki, *Empirical Studies of Competitive Spinning for a
//! Shared-Memory Multiprocessor*, SOSP 1991 (spin, then block).
//! Does not show: how many rounds are worth it.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// Whoever gave up joins the writer first.
    falls_back: holds() => spin(true);
    /// Whoever gave up goes on all the same.
    no_fallback: fails(DataRace) => spin(false);
}

fn spin(falls_back: bool) {
    let (ready, data) = (AtomicBool::new(false), UnsafeCell::new(0));
    thread::scope(|s| {
        let writer = s.spawn(|| {
            // SAFETY: the other thread reads after it has seen the flag, or joined; without a fallback neither.
            data.with_mut(|p| unsafe { *p = 1 });
            ready.store(true, Release); // Release: pairs with the load of the spin; the write must be seen
        });
        s.spawn(|| {
            // Acquire: pairs with the writer's store; with Relaxed, seeing the flag would order nothing.
            let seen = (0..3).any(|_| {
                thread::yield_now();
                ready.load(Acquire)
            });
            if !seen && falls_back {
                writer.join().unwrap();
            }
            // SAFETY: as above.
            assert_eq!(data.with(|p| unsafe { *p }), 1);
        });
    });
}
