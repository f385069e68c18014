//! A read-modify-write releases with its store half and acquires with its load half, never more.
//!
//! Shape: MP where the flag is raised and taken down by swaps. The writer's needs Release and the
//! reader's Acquire; the other half of each may be Relaxed. An Acquire swap publishes nothing
//! although it writes, and a Release swap acquires nothing although it reads. AcqRel is for one
//! operation that does both: receives from one thread and hands on to the next.
//!
//! Source: ISO C++20 [atomics.order] p2; std docs, `Ordering::AcqRel`.
//! Does not show: a lock; a reader that finds the flag down goes away.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Release to raise, Acquire to take down.
    release_acquire: holds() => publish(Release, Acquire);
    /// Writing with Acquire publishes nothing.
    acquire_in_writer: fails(DataRace) => publish(Acquire, Acquire);
    /// Reading with Release acquires nothing.
    release_in_reader: fails(DataRace) => publish(Release, Release);
    /// The middle thread receives and hands on in one step: it needs both halves.
    hand_over_acq_rel: holds() => hand_over(AcqRel);
    /// A middle thread that only releases reads what it has not acquired.
    hand_over_release: fails(DataRace) => hand_over(Release);
    /// A middle thread that only acquires publishes nothing of its own.
    hand_over_acquire: fails(DataRace) => hand_over(Acquire);
}

fn publish(raise: Ordering, take: Ordering) {
    let (value, ready) = (UnsafeCell::new(0), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the flag goes up below, and the reader reads only when it was up.
            value.with_mut(|v| unsafe { *v = 42 });
            ready.swap(true, raise); // Release: pairs with the swap in the reader
        });
        s.spawn(|| {
            // Acquire: pairs with the swap in the writer
            if ready.swap(false, take) {
                // SAFETY: this swap read the writer's; if that releases and this acquires, the
                // write happens before this read.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}

fn hand_over(order: Ordering) {
    let (first, second, stage) = (UnsafeCell::new(0), UnsafeCell::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: only the middle thread reads this cell, and only when stage 1 was reached.
            first.with_mut(|v| unsafe { *v = 1 });
            stage.store(1, Release); // Release: pairs with the middle thread's fetch_add
        });
        s.spawn(|| {
            // SAFETY: only the last thread reads this cell, and only when stage 2 was reached.
            second.with_mut(|v| unsafe { *v = 2 });
            // Acquire: pairs with the first thread's store; Release: with the last thread's load
            if stage.fetch_add(1, order) == 1 {
                // SAFETY: stage 1 was released by the first thread, after its write; unless this
                // step does not acquire, the write happens before this read.
                assert_eq!(first.with(|v| unsafe { *v }), 1);
            }
        });
        s.spawn(|| {
            // Acquire: pairs with the middle thread's fetch_add
            if stage.load(Acquire) == 2 {
                // SAFETY: the middle thread's write came before its step to stage 2; unless that
                // step does not release, the write happens before this read.
                assert_eq!(second.with(|v| unsafe { *v }), 2);
            }
        });
    });
}
