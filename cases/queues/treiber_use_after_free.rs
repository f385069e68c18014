//! A popped node may not be freed while another pop may still look at it.
//!
//! Shape: two threads pop from a stack. Each loads the head and reads the next pointer out of the
//! node to have what the compare-exchange needs. The one that wins frees its node at once, and the
//! other, which loaded the same head, reads freed memory. Its compare-exchange would have failed,
//! but the read comes first. The node may be freed only when no such look can be under way.
//!
//! Source: Michael, "Hazard pointers", IEEE TPDS 15(6), 2004, section 1 (the reclamation problem).
//! Does not show: how to know that nobody looks any more; here it is the end of both threads.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, Ordering::*};
use super::rt::thread;

cases! {
    /// The winner frees the node while the loser reads it.
    freed_at_once: fails(UseAfterFree) => pop_twice(|node| {
        free(node);
        null_mut()
    });
    /// Both nodes are freed after both threads have ended.
    freed_later: holds() => pop_twice(|node| node);
}

struct Node {
    next: AtomicPtr<Node>,
}

fn push(head: &AtomicPtr<Node>) {
    let next = head.load(Relaxed); // Relaxed: nobody else is there yet
    let node = Box::into_raw(Box::new(Node { next: AtomicPtr::new(next) }));
    head.store(node, Relaxed); // Relaxed: the threads are spawned later
}

/// Tries once.
fn pop(head: &AtomicPtr<Node>) -> *mut Node {
    let node = head.load(Relaxed); // Relaxed: the nodes were there before the threads
    // SAFETY: where nodes are freed after both threads have ended, this one is there. Freed at
    // once, the other pop may have freed it since the load above.
    let next = unsafe { &*node }.next.load(Relaxed); // Relaxed: it never changes
    // Relaxed: it publishes nothing
    match head.compare_exchange(node, next, Relaxed, Relaxed) {
        Ok(node) => node,
        Err(_) => null_mut(),
    }
}

fn free(node: *mut Node) {
    if !node.is_null() {
        // SAFETY: the node was popped by one thread, which passes it here once.
        drop(unsafe { Box::from_raw(node) });
    }
}

fn pop_twice(dispose: fn(*mut Node) -> *mut Node) {
    let head = AtomicPtr::new(null_mut());
    push(&head);
    push(&head);
    let popped = thread::scope(|s| {
        let pop = || AtomicPtr::new(dispose(pop(&head)));
        let poppers = [s.spawn(pop), s.spawn(pop)];
        poppers.map(|popper| popper.join().unwrap().into_inner())
    });
    popped.into_iter().chain([head.into_inner()]).for_each(free);
}
