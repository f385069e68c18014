//! A compare-exchange counts if its failure is heeded: try again, with the value it found.
//!
//! Shape: two threads add one by a load and a compare-exchange. A failed one has changed nothing,
//! so whoever ignores it loses its update; whoever repeats it with the value seen first waits for a
//! value that will never come back. The weak form may also fail where nobody interferes, so even a
//! thread that is alone must loop. The count orders nothing else: Relaxed suffices.
//!
//! Source: ISO C++20 [atomics.types.operations] p27 (spurious failure); Rust std, `AtomicU32`.
//! Does not show: back-off, which changes how long it takes and not what is right.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::{hint, thread};

cases! {
    /// Each failure brings the newer value to try with.
    retried: holds() => count(|count| {
        let mut seen = count.load(Relaxed); // Relaxed: a stale value only costs a turn
        // Relaxed: atomicity needs no partner.
        while let Err(found) = count.compare_exchange_weak(seen, seen + 1, Relaxed, Relaxed) {
            seen = found;
        }
    });
    /// The library's loop is the same one.
    fetch_update: holds() => count(|count| {
        // Relaxed: atomicity needs no partner.
        let _ = count.fetch_update(Relaxed, Relaxed, |seen| Some(seen + 1));
    });
    /// One attempt whose result nobody looks at.
    failure_ignored: fails(Assertion) => count(|count| {
        let seen = count.load(Relaxed); // Relaxed: only the value matters
        let _ = count.compare_exchange(seen, seen + 1, Relaxed, Relaxed); // Relaxed: as above
    });
    /// The retry compares with the old value for ever.
    stale_retry: fails(Livelock).misses(Loom, NoLivelockDetection) => count(|count| {
        let seen = count.load(Relaxed); // Relaxed: only the value matters
        // Relaxed: atomicity needs no partner.
        while count.compare_exchange(seen, seen + 1, Relaxed, Relaxed).is_err() {
            hint::spin_loop();
        }
    });
    /// The weak form may fail although no other thread exists.
    weak_without_a_loop: fails(Assertion)
        .misses(Loom, NothingSpurious)
        .misses(Shuttle, NothingSpurious)
        => {
            let count = AtomicU32::new(0);
            // Relaxed: there is one thread.
            assert_eq!(count.compare_exchange_weak(0, 1, Relaxed, Relaxed), Ok(0));
        };
}

fn count(add: fn(&AtomicU32)) {
    let total = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| add(&total));
        }
    });
    // Relaxed: the scope's joins order both threads before this load.
    assert_eq!(total.load(Relaxed), 2, "an update is lost");
}
