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
            // SAFETY: nobody reads before the flag is up; that is the claim under test.
            value.with_mut(|v| unsafe { *v = 42 });
            ready.swap(true, raise); // Release: pairs with the swap in the reader
        });
        s.spawn(|| {
            // Acquire: pairs with the swap in the writer
            if ready.swap(false, take) {
                // SAFETY: the flag was up, so the writer is done; that is the claim under test.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}

fn hand_over(order: Ordering) {
    let (first, second, stage) = (UnsafeCell::new(0), UnsafeCell::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the others read only after stage 1; that is the claim under test.
            first.with_mut(|v| unsafe { *v = 1 });
            stage.store(1, Release); // Release: pairs with the middle thread's fetch_add
        });
        s.spawn(|| {
            // SAFETY: the last thread reads only after stage 2; that is the claim under test.
            second.with_mut(|v| unsafe { *v = 2 });
            // Acquire: pairs with the first thread's store; Release: with the last thread's load
            if stage.fetch_add(1, order) == 1 {
                // SAFETY: stage 1 was reached, so the first thread is done.
                assert_eq!(first.with(|v| unsafe { *v }), 1);
            }
        });
        s.spawn(|| {
            // Acquire: pairs with the middle thread's fetch_add
            if stage.load(Acquire) == 2 {
                // SAFETY: stage 2 was reached, so the middle thread is done with its cell.
                assert_eq!(second.with(|v| unsafe { *v }), 2);
            }
        });
    });
}
