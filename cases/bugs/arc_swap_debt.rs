//! To announce a use and to look for announcements takes four steps, and all four must be SeqCst.
//!
//! Shape: a reader of a shared pointer announces it as a debt, checks that it is still the current
//! one, uses it, and takes the debt back. A writer replaces the pointer, pays the debt by a
//! compare-exchange if it finds one, and frees what nobody has announced. That is store buffering.
//! The reader's two steps and the replacement were SeqCst, and the writer's look was not: it could
//! miss the debt of a reader that had missed the replacement. To miss a debt is to fail, so it was
//! the failure ordering that mattered, which the first fix left as it was.
//!
//! Source: arc-swap issues 200 and 204, commits 9d87160 and f100e6c (the first fix and the second).
//! Does not show: the reference count by which a debt is paid; what was paid is freed at the end.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published, arc-swap issue 200: SeqCst but for the look.
    acquire_release: fails(UseAfterFree)
        .weak()
        => use_while_replaced(SEQ_CST, [AcqRel, Acquire], None);
    /// As fixed at first, arc-swap issue 204: a look that finds no debt is still an Acquire.
    acquire_failure: fails(UseAfterFree)
        .weak()
        => use_while_replaced(SEQ_CST, [SeqCst, Acquire], None);
    /// As fixed.
    seq_cst_failure: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        .slack("pay: debt.compare_exchange", "Release", "as fixed; a look that misses has failed")
        => use_while_replaced(SEQ_CST, [SeqCst, SeqCst], None);
    /// In another way: a fence between the two steps on each side, and nothing else SeqCst.
    seq_cst_fences: holds()
        => use_while_replaced([Relaxed, Relaxed, Release], [Release, Acquire], Some(SeqCst));
}

/// Of the announcement, of the check, and of the replacement.
const SEQ_CST: [Ordering; 3] = [SeqCst; 3];

type Block = *mut AtomicU32;

fn allocate(value: u32) -> Block {
    Box::into_raw(Box::new(AtomicU32::new(value)))
}

fn free(block: Block) {
    // SAFETY: the block comes from `allocate` and is passed here once.
    drop(unsafe { Box::from_raw(block) });
}

fn pay(debt: &AtomicPtr<AtomicU32>, block: Block, [success, failure]: [Ordering; 2]) -> bool {
    // Success: Release ends the reader's use. Failure: Acquire pairs with that, and SeqCst puts a
    // look that misses the debt before the debt, or else the fence does.
    debt.compare_exchange(block, null_mut(), success, failure).is_ok()
}

fn use_while_replaced(orders: [Ordering; 3], paid: [Ordering; 2], between: Option<Ordering>) {
    let [announce, check, replace] = orders;
    let old = allocate(7);
    let (current, debt) = (AtomicPtr::new(old), AtomicPtr::new(null_mut()));
    let left = thread::scope(|s| {
        s.spawn(|| {
            let block = current.load(Relaxed); // Relaxed: the check acquires what is used
            debt.swap(block, announce); // SeqCst: before the check in the single order
            if let Some(order) = between {
                fence(order); // SeqCst: pairs with the writer's fence
            }
            // SeqCst: before the replacement that it misses. Acquire: pairs with the one that it
            // sees.
            if current.load(check) == block {
                // SAFETY: a writer that replaces the block later must find the debt, if its look
                // comes after the replacement in the single order; one that may look earlier frees
                // it.
                let value = unsafe { &*block }.load(Relaxed); // Relaxed: nobody writes it
                assert!(value == 7 || value == 8);
            }
            pay(&debt, block, paid);
        });
        let writer = s.spawn(|| {
            // SeqCst: before the look. Release: publishes the new block.
            let old = current.swap(allocate(8), replace);
            if let Some(order) = between {
                fence(order); // SeqCst: pairs with the reader's fence
            }
            let announced = pay(&debt, old, paid);
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
