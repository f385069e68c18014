//! Announcing a use and checking that it is not too late need a fence between them.
//!
//! Shape: a reader of a shared pointer announces it as a debt, checks that it is still the current
//! one, uses it, and takes the debt back. A writer replaces the pointer, looks for debts, and frees
//! what nobody has announced. That is store buffering: the reader's check may overtake its
//! announcement, and the writer's look its replacement; then the reader uses what the writer frees.
//!
//! Source: arc-swap pull requests 198 and 200, and 204 for a second path that was forgotten.
//! Does not show: a writer that pays; here it leaves an announced block to be freed at the end.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published: Acquire and Release order a store and a later load in neither thread.
    acquire_release: fails(UseAfterFree)
        .misses(Shuttle, SequentiallyConsistent)
        => use_while_replaced(AcqRel);
    /// As fixed; the fences are stronger than the SeqCst accesses of the fix.
    seq_cst_fences: holds() => use_while_replaced(SeqCst);
}

fn allocate(value: u32) -> *mut AtomicU32 {
    Box::into_raw(Box::new(AtomicU32::new(value)))
}

fn free(block: *mut AtomicU32) {
    // SAFETY: the block comes from `allocate` and is passed here once.
    drop(unsafe { Box::from_raw(block) });
}

fn use_while_replaced(between: Ordering) {
    let old = allocate(7);
    let (current, debt) = (AtomicPtr::new(old), AtomicPtr::new(null_mut()));
    let left = thread::scope(|s| {
        s.spawn(|| {
            let block = current.load(Relaxed); // Relaxed: the fence acquires what is used
            debt.store(block, Relaxed); // Relaxed: ordered by the fence
            fence(between); // SeqCst: pairs with the writer's fence
            // Relaxed: ordered by the fence
            if current.load(Relaxed) == block {
                // SAFETY: the debt was announced in time: the claim under test.
                let value = unsafe { &*block }.load(Relaxed); // Relaxed: nobody writes it
                assert!(value == 7 || value == 8);
                debt.store(null_mut(), Release); // Release: pairs with the writer's load
            }
        });
        let writer = s.spawn(|| {
            let old = current.swap(allocate(8), Release); // Release: pairs with the reader's fence
            fence(between); // SeqCst: pairs with the reader's fence
            let announced = debt.load(Acquire) == old; // Acquire: pairs with the end of the use
            if !announced {
                free(old);
            }
            announced
        });
        writer.join().unwrap()
    });
    free(current.into_inner());
    if left {
        free(old);
    }
}
