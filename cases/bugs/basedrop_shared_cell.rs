//! A count of readers inside protects nothing unless it is ordered before the reading.
//!
//! Shape: a reader counts itself in, loads the pointer, takes a share, and counts itself out. The
//! writer swaps the pointer and waits for the count to be zero before it drops the old value. The
//! reader's load may overtake its increment, and the writer's look the swap: store buffering, with
//! a use after free at its end. It takes a SeqCst fence on both sides.
//!
//! Source: basedrop issue 10 (SharedCell; the reporter's fix, checked there with loom).
//! Does not show: waiting; a writer that finds a reader leaves the old value to the end.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published: nothing orders a store and the load behind it.
    no_fence: fails(UseAfterFree)
        .weak()
        => read_while_replaced(AcqRel);
    /// As proposed.
    seq_cst_fence: holds()
        .slack("read_while_replaced: current.swap", "Release", "as published; there is one writer")
        => read_while_replaced(SeqCst);
}

fn read_while_replaced(between: Ordering) {
    let allocate = |value| Box::into_raw(Box::new(AtomicU32::new(value)));
    let old = allocate(7);
    let (current, readers) = (AtomicPtr::new(old), AtomicU32::new(0));
    // SAFETY: each of the two is freed once.
    let free = |value| drop(unsafe { Box::from_raw(value) });
    let left = thread::scope(|s| {
        s.spawn(|| {
            readers.store(1, Relaxed); // Relaxed: ordered by the fence
            fence(between); // SeqCst: pairs with the writer's fence
            let value = current.load(Acquire); // Acquire: pairs with the writer's swap
            // SAFETY: a writer that replaces this value and does not see the count has looked
            // before it was raised; with SeqCst fences this load is then late enough to find the
            // new value.
            let value = unsafe { &*value }.load(Relaxed); // Relaxed: nobody writes it
            assert!(value == 7 || value == 8);
            readers.store(0, Release); // Release: pairs with the writer's load
        });
        let writer = s.spawn(|| {
            let old = current.swap(allocate(8), AcqRel); // AcqRel: pairs with the reader's load
            fence(between); // SeqCst: pairs with the reader's fence
            let inside = readers.load(Acquire) != 0; // Acquire: pairs with the reader's store
            if !inside {
                free(old);
            }
            inside
        });
        writer.join().unwrap()
    });
    free(current.into_inner());
    if left {
        free(old);
    }
}
