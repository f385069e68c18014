//! Two counters that must agree are read torn unless one lock or one word holds both.
//!
//! Shape: a request adds one to `total` and one to `hits`; a reader checks that no more hits than
//! requests are shown. Two atomics are two steps to write and two to read. Written total first and
//! read hits first, with Release and Acquire, the inequality holds, because whoever sees the hit
//! sees its request; exact agreement needs one step: both halves in one word, or one lock around
//! both.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3 (multi-variable bugs).
//! Does not show: a sequence lock, the way to read many words without writing.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, AtomicU64, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Whoever sees the hit sees the request it belongs to.
    ordered_inequality: holds() => at_most(Release, Acquire);
    /// Without the pairing the hit can be seen before its request.
    relaxed_inequality: fails(Assertion).weak()
        => at_most(Relaxed, Relaxed);
    /// Equality does not hold in any ordering.
    two_words: fails(Assertion) => agree(
        (AtomicU32::new(0), AtomicU32::new(0)),
        // SeqCst: to show that the strongest ordering does not help.
        |(total, hits)| (total.fetch_add(1, SeqCst), hits.fetch_add(1, SeqCst)),
        |(total, hits)| (total.load(SeqCst), hits.load(SeqCst)), // SeqCst: as above
    );
    /// Both halves of one word change in one step.
    one_word: holds() => agree(
        AtomicU64::new(0),
        |both| both.fetch_add((1 << 32) | 1, Relaxed), // Relaxed: atomicity needs no partner
        |both| halves(both.load(Relaxed)), // Relaxed: one load reads one write
    );
    /// One lock around both makes them one step.
    one_lock: holds() => agree(
        Mutex::new((0, 0)),
        |both| {
            let mut both = both.lock().unwrap();
            both.0 += 1;
            both.1 += 1;
        },
        |both| *both.lock().unwrap(),
    );
}

fn at_most(add: Ordering, load: Ordering) {
    let (total, hits) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            total.fetch_add(1, Relaxed); // Relaxed: the next line publishes it
            hits.fetch_add(1, add); // Release: pairs with the reader's load
        });
        s.spawn(|| {
            let hits = hits.load(load); // Acquire: pairs with the addition to `hits`
            let total = total.load(Relaxed); // Relaxed: what `hits` acquired cannot be unseen
            assert!(hits <= total, "{hits} hits of {total} requests");
        });
    });
}

fn agree<T: Sync, A>(shared: T, add: fn(&T) -> A, read: fn(&T) -> (u32, u32)) {
    thread::scope(|s| {
        s.spawn(|| {
            add(&shared);
        });
        s.spawn(|| {
            let (total, hits) = read(&shared);
            assert_eq!(total, hits, "the pair is torn");
        });
    });
}

fn halves(both: u64) -> (u32, u32) {
    ((both >> 32) as u32, both as u32)
}
