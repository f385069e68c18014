//! A Relaxed load may return a value that is many stores old.
//!
//! Shape: message passing without orderings. One thread counts a value up and then raises a flag.
//! Another sees the flag and then reads the value. Nothing orders the two, so every value that was
//! ever there may be read, the first of them included: the model bounds no delay.
//!
//! Source: ISO C++20 [intro.races] p14 (what a load may read), [atomics.order] p11 (that stores
//! become visible in a reasonable amount of time is a wish).
//! Does not show: how old a value is in practice.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The value from before eight stores, beside a flag that was raised after them.
    eight_stores: observes()
        .required((0..=8).map(|value| (0, value)).chain((1..=8).map(|value| (1, value))))
        .interesting((1, 0), "the flag is seen, and the value is eight stores old")
        .misses(Loom, [(1, 0), (1, 1)], ShortHistory)
        .weak((0..8).map(|value| (1, value)))
        => count_then_raise(8, Relaxed, Relaxed);
    /// Publishing ends the history: the flag brings the last value.
    published: observes()
        .required((0..=8).map(|value| (0, value)).chain([(1, 8)]))
        .forbidden((1, 7), "the flag was raised after the eighth store")
        => count_then_raise(8, Release, Acquire);
}

fn count_then_raise(stores: u32, raise: Ordering, look: Ordering) -> (u32, u32) {
    let (value, flag) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            for count in 1..=stores {
                value.store(count, Relaxed); // Relaxed: the flag orders it, or nothing does
            }
            flag.store(1, raise); // Release: pairs with the load of the flag
        });
        // Acquire: pairs with the store of the flag. Relaxed: ordered by the flag, or by nothing
        let reader = s.spawn(|| (flag.load(look), value.load(Relaxed)));
        reader.join().unwrap()
    })
}
