//! Who moves the head on hands the new node to those who find it there, so the exchange must release.
//!
//! Shape: Michael and Scott's queue. A producer makes a node and links it; a consumer reads the link,
//! acquires the node with it, and moves the head on by an exchange. A second consumer finds the node at
//! the head, by an Acquire load. If the exchange is only Acquire there is nothing to pair with: to the
//! second consumer the node's own link may not have been initialised.
//!
//! Source: libcds issue 186, 2025 (found with GenMC and Relinche).
//! Does not show: hazard pointers, nothing is freed before the end; `michael_scott` has the whole queue.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// As published.
    acquire: fails(DataRace) => dequeue_twice(Acquire);
    /// As proposed: what is released is what the load of the link has acquired.
    release: holds() => dequeue_twice(Release);
}

struct Node {
    next: AtomicPtr<Node>,
}

fn new_node() -> *mut Node {
    Box::into_raw(Box::new(Node { next: AtomicPtr::new(null_mut()) }))
}

fn dequeue_twice(advance: Ordering) {
    let dummy = new_node();
    let [head, tail] = [dummy; 2].map(AtomicPtr::new);
    let dequeue = || {
        let first = head.load(Acquire); // Acquire: pairs with the other consumer's exchange
        // SAFETY: no node is freed while the threads run. The first one is there before they start, and the
        // next was made before its link was; a consumer has that from the link, or from the exchange of
        // who has read the link, if that releases.
        let next = unsafe { &*first }.next.load(Acquire); // Acquire: pairs with the link
        if !next.is_null() {
            // Release: pairs with the load above. Relaxed: who loses does not look at what it finds
            let _ = head.compare_exchange(first, next, advance, Relaxed);
        }
    };
    thread::scope(|s| {
        s.spawn(|| {
            let last = tail.load(Relaxed); // Relaxed: nobody writes it
            // SAFETY: the dummy is there before the threads, and freed after them.
            unsafe { &*last }.next.store(new_node(), Release); // Release: pairs with the load of the link
        });
        s.spawn(dequeue);
        s.spawn(dequeue);
    });
    let mut node = tail.into_inner();
    while !node.is_null() {
        // SAFETY: the threads have ended, and each node is in the list once.
        node = unsafe { Box::into_inner(Box::from_raw(node)) }.next.into_inner();
    }
}
