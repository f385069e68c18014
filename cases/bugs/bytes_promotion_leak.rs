//! Who loses a race must give back all that it made for the case that it won.
//!
//! Shape: a buffer is shared for the first time by two threads at once. Each makes a block for the
//! shared count, with the buffer in it, and offers the block. The loser counts itself in the
//! winner's block. It must not free the buffer, which is the winner's now; so it forgot its own
//! block as a whole, and the block was never freed.
//!
//! Source: bytes commit 3305dca.
//! Does not show: the buffer; only the blocks and their counts are modelled.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the loser forgets its block.
    forgotten: fails(Leak) => promote_twice(|_| ());
    /// As fixed: the loser frees its block, without the buffer.
    freed: holds()
        .slack(
            "promote_twice: shared.compare_exchange",
            "Release",
            "as published; the buffer that both start from is not modelled",
        )
        => promote_twice(free);
}

fn free(block: *mut AtomicU32) {
    // SAFETY: the block is the caller's alone.
    drop(unsafe { Box::from_raw(block) });
}

fn promote_twice(loser: fn(*mut AtomicU32)) {
    let shared = AtomicPtr::new(null_mut());
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let block = Box::into_raw(Box::new(AtomicU32::new(2)));
                // AcqRel, Acquire: pairs with itself, to publish the winner's block to the loser
                if let Err(winner) = shared.compare_exchange(null_mut(), block, AcqRel, Acquire) {
                    loser(block);
                    // SAFETY: the winner's block is freed when both threads have ended.
                    unsafe { &*winner }.fetch_add(1, Relaxed); // Relaxed: a number
                }
            });
        }
    });
    free(shared.into_inner());
}
