//! A count that only counts may be Relaxed; a count that announces finished work may not.
//!
//! Shape: two workers each fill a slot and add one; a collector that finds two reads both slots.
//! The Acquire load reads the second addition only, yet it synchronises with both: the second is a
//! read-modify-write and so continues the release sequence that the first one heads. With Relaxed
//! on either side the count is just as right, and the slots race.
//!
//! Source: ISO C++20 [intro.races] p5 (release sequence) and [atomics.order] p2.
//! Does not show: that the collector ever finds two; nothing makes it wait.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The collector may read what both workers wrote.
    release_acquire: holds() => collect(Release, Acquire);
    /// The additions publish nothing.
    relaxed_add: fails(DataRace) => collect(Relaxed, Acquire);
    /// The load acquires nothing.
    relaxed_load: fails(DataRace) => collect(Release, Relaxed);
    /// SeqCst contains Release and Acquire, and nothing here needs its single order.
    seq_cst: holds()
        .slack("collect: done.fetch_add", "Release", "SeqCst is what the case shows")
        .slack("collect: done.load", "Acquire", "SeqCst is what the case shows")
        => collect(SeqCst, SeqCst);
    /// A collector that joins needs no ordering of the count at all.
    relaxed_and_join: holds() => collect_after_join();
}

fn collect(add: Ordering, load: Ordering) {
    let (slots, done) = ([UnsafeCell::new(0), UnsafeCell::new(0)], AtomicU32::new(0));
    thread::scope(|s| {
        for slot in &slots {
            let done = &done;
            s.spawn(move || {
                // SAFETY: one worker per slot, and nobody reads before the count is 2.
                slot.with_mut(|v| unsafe { *v = 7 });
                done.fetch_add(1, add); // Release: pairs with the collector's load
            });
        }
        s.spawn(|| {
            // Acquire: pairs with both additions
            if done.load(load) < 2 {
                return;
            }
            for slot in &slots {
                // SAFETY: the count of 2 continues the release sequences of both additions, so an
                // Acquire load of it has both writes before it; Relaxed at either end has neither.
                assert_eq!(slot.with(|v| unsafe { *v }), 7);
            }
        });
    });
}

fn collect_after_join() {
    let (slots, done) = ([UnsafeCell::new(0), UnsafeCell::new(0)], AtomicU32::new(0));
    thread::scope(|s| {
        for slot in &slots {
            let done = &done;
            s.spawn(move || {
                // SAFETY: one worker per slot, and nobody reads before the joins.
                slot.with_mut(|v| unsafe { *v = 7 });
                done.fetch_add(1, Relaxed); // Relaxed: the join orders it
            });
        }
    });
    // Relaxed: the scope's joins order both additions before this load.
    assert_eq!(done.load(Relaxed), 2);
    assert_eq!(slots.map(UnsafeCell::into_inner), [7, 7]);
}
