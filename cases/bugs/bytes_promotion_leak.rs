//! Who loses a race must give back all that it made for the case that it won.
//!
//! Shape: a buffer is shared for the first time by two threads at once. Each makes a block for the
//! shared count, with the buffer in it, and offers the block. The loser must not free the buffer,
//! which is the winner's now; so it forgot the block as a whole, and the block was never freed.
//!
//! Source: bytes commit 3305dca.
//! Does not show: the buffer; only the blocks are modelled.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the loser forgets its block.
    forgotten: fails(Leak) => promote_twice(|_| ());
    /// As fixed: the loser frees its block, without the buffer.
    freed: holds() => promote_twice(free);
}

fn free(block: *mut u32) {
    // SAFETY: the block is the caller's alone.
    drop(unsafe { Box::from_raw(block) });
}

fn promote_twice(loser: fn(*mut u32)) {
    let shared = AtomicPtr::new(null_mut());
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let block = Box::into_raw(Box::new(2));
                // AcqRel, Acquire: publishes the block to the loser
                if shared.compare_exchange(null_mut(), block, AcqRel, Acquire).is_err() {
                    loser(block);
                }
            });
        }
    });
    free(shared.into_inner());
}
