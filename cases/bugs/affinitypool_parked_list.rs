//! Tasks in one place and sleepers in another are two flags that cross: Release and Acquire do not make either side see.
//!
//! Shape: a pool. Who brings a task puts it in the queue and looks whether a worker is parked; a worker
//! that finds no task enters the list of the parked and looks into the queue again. Each place was
//! published and acquired, and no pair of these says that one of the two looks finds the other's mark:
//! that is store buffering. It takes a SeqCst fence on both sides between mark and look. To make an
//! exchange of both operations on one of the places does as well: of two exchanges, one reads the other.
//!
//! Source: affinitypool issue 21 and pull request 22, 2026 (found by Miri); zio pull request 610, 2026
//! (the same in Zig, seen on Apple's processors); silk pull request 76 (the same in C++).
//! Does not show: several workers; a queue whose own code has a SeqCst fence in it.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published.
    acquire_release: fails(Deadlock).weak() => bring_task(|| {}, || {}, mark);
    /// A fence in the worker alone has nobody to be ordered with.
    fence_in_worker: fails(Deadlock).weak() => bring_task(|| {}, || fence(SeqCst), mark);
    /// As fixed.
    fences: holds() => bring_task(|| fence(SeqCst), || fence(SeqCst), mark);
    /// The worker enters by an exchange, and who brings the task looks by one.
    exchanges: holds() => bring_task(|| {}, || {}, |is_parked, parks| {
        is_parked.swap(parks, AcqRel) // Release, Acquire: pairs with the other one's exchange
    });
}

/// The worker's entry, or the look of who brings a task: whether a worker was parked.
fn mark(is_parked: &AtomicBool, parks: bool) -> bool {
    match parks {
        true => is_parked.store(true, Relaxed), // Relaxed: the fence puts it before the look for a task
        false => return is_parked.load(Relaxed), // Relaxed: the fence puts it behind the task
    }
    false
}

fn bring_task(bringer: fn(), worker: fn(), mark: fn(&AtomicBool, bool) -> bool) {
    let (has_task, is_parked, task) =
        (AtomicBool::new(false), AtomicBool::new(false), UnsafeCell::new(0));
    thread::scope(|s| {
        let thread = s.spawn(|| {
            // Acquire: pairs with the store of who brings it
            while !has_task.load(Acquire) {
                mark(&is_parked, true);
                worker(); // SeqCst: pairs with the other fence
                // Relaxed: if there is a task, it is looked for again
                if !has_task.load(Relaxed) {
                    thread::park();
                }
            }
            // SAFETY: it is written before the mark that there is one, which has been acquired.
            assert_eq!(task.with(|task| unsafe { *task }), 7);
        });
        let thread = thread.thread().clone();
        let (has_task, is_parked, task) = (&has_task, &is_parked, &task);
        s.spawn(move || {
            // SAFETY: the worker reads it when there is a task, which is below.
            task.with_mut(|task| unsafe { *task = 7 });
            has_task.store(true, Release); // Release: pairs with the worker's load
            bringer(); // SeqCst: pairs with the worker's fence
            if mark(is_parked, false) {
                thread.unpark();
            }
        });
    });
}
