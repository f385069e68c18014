//! A value that was copied out of a node must not be dropped with the node.
//!
//! Shape: a pop copies the value's bits out of the node and returns them; the node is reclaimed
//! later, by another thread. If the reclaimer drops the node as what it is, a node with a value in
//! it, the value is dropped a second time. The node must forget the value it has given away.
//!
//! Source: RUSTSEC-2018-0009 (crossbeam, MsQueue and SegQueue).
//! Does not show: the epochs that decide when a node is reclaimed.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the node is dropped with what was copied out of it.
    node_drops_value: fails(DoubleFree) => pop_and_reclaim(true);
    /// As fixed: the node does not own the value any more.
    node_forgets_value: holds() => pop_and_reclaim(false);
}

struct Node(AtomicPtr<u32>);

fn free(value: *mut u32) {
    // SAFETY: it comes from `into_raw`, and the popper owns it; unless the node drops it as well.
    drop(unsafe { Box::from_raw(value) });
}

fn reclaim(node: *mut Node, with_value: bool) {
    if node.is_null() {
        return;
    }
    // SAFETY: it was retired, and whoever is here took it away: nobody else has it.
    let Node(value) = Box::into_inner(unsafe { Box::from_raw(node) });
    if with_value {
        free(value.into_inner());
    }
}

fn pop_and_reclaim(with_value: bool) {
    let node = Node(AtomicPtr::new(Box::into_raw(Box::new(7))));
    let head = AtomicPtr::new(Box::into_raw(Box::new(node)));
    let retired = AtomicPtr::new(null_mut());
    thread::scope(|s| {
        s.spawn(|| {
            let node = head.load(Relaxed); // Relaxed: it was there from the start
            // SAFETY: the node is not retired yet.
            let popped = unsafe { &*node }.0.load(Relaxed); // Relaxed: as above
            retired.store(node, Release); // Release: pairs with the reclaimer's swap
            free(popped);
        });
        // Acquire: pairs with the store of the popper
        s.spawn(|| reclaim(retired.swap(null_mut(), Acquire), with_value));
    });
    reclaim(retired.into_inner(), with_value);
}
