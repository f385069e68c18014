//! Whoever empties a shared list must take its head away at every read, or two will free it.
//!
//! Shape: one sender installs the first block in the tail, and then in the head. Another thread has
//! both a sender and the receiver: its send finds the block in the tail and counts a message in it,
//! and then the receiver is dropped, which waits for the head if a message was counted, and frees
//! the block. What is left in the head is freed with the channel. A head that is read but not taken
//! is freed twice; one that is cleared afterwards, whatever came in between, is never freed; and
//! one that is not waited for is null.
//!
//! Source: RUSTSEC-2025-0024, crossbeam pull requests 1187 (double free), 1084 (leak), 972 (null);
//! rust pull request 139553 (the same code in std::sync::mpsc).
//! Does not show: the list behind the first block, nor the messages in it.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*};
use super::rt::{hint, thread};

cases! {
    /// Every read of the head takes it away.
    taken: holds() => close(|head, counted| take_or_wait(head, counted, take));
    /// The waiting read leaves the block in the head, where the channel's drop finds it again:
    /// RUSTSEC-2025-0024 and crossbeam pull request 1187, rust pull request 139553.
    read_while_waiting: fails(DoubleFree)
        => close(|head, counted| take_or_wait(head, counted, read));
    /// The head is cleared at the end, and with it a block that has come in between: crossbeam pull
    /// request 1084.
    cleared_at_the_end: fails(Leak) => close(|head, counted| {
        let block = if counted { take_or_wait(head, true, read) } else { read(head) };
        head.store(null_mut(), Relaxed); // pairs with nothing: the flaw is what it overwrites
        block
    });
    /// The message is counted, but its block is not in the head yet: crossbeam pull request 972.
    not_waited_for: fails(Assertion) => close(|head, _| take(head));
}

/// A block is its count of messages.
type Block = AtomicU32;
type Head = AtomicPtr<Block>;

fn read(head: &Head) -> *mut Block {
    head.load(Acquire) // Acquire: pairs with the installer's stores
}

fn take(head: &Head) -> *mut Block {
    match read(head) {
        block if block.is_null() => block,
        _ => head.swap(null_mut(), Relaxed), // Relaxed: the read has acquired the block
    }
}

fn take_or_wait(head: &Head, counted: bool, again: fn(&Head) -> *mut Block) -> *mut Block {
    let mut block = take(head);
    while counted && block.is_null() {
        hint::spin_loop();
        block = again(head);
    }
    block
}

fn free(block: *mut Block) {
    if !block.is_null() {
        // SAFETY: a block that a swap took out of the head is found there by nobody else; one that
        // was only read is found again when the channel goes, and freed twice.
        drop(unsafe { Box::from_raw(block) });
    }
}

/// `discard` empties the head, given whether a message was counted.
fn close(discard: fn(&Head, bool) -> *mut Block) {
    let (head, tail) = (Head::new(null_mut()), Head::new(null_mut()));
    thread::scope(|s| {
        s.spawn(|| {
            let block = Box::into_raw(Box::new(Block::new(0)));
            tail.store(block, Release); // Release: pairs with the other sender's load
            head.store(block, Release); // Release: pairs with the receiver's reads
        });
        s.spawn(|| {
            let last = read(&tail);
            let counted = !last.is_null();
            if counted {
                // SAFETY: the receiver, which frees it, is this thread's.
                unsafe { &*last }.fetch_add(1, Relaxed); // Relaxed: only this thread counts
            }
            let block = discard(&head, counted);
            assert!(!counted || !block.is_null(), "the counted message has no block");
            free(block);
        });
    });
    free(take(&head));
}
