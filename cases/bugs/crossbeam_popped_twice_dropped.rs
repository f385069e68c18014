//! A value that was copied out of a node must not be dropped with the node.
//!
//! Shape: a pop copies the value's bits out of the node and returns them; the node is reclaimed
//! later, by another thread. If the reclaimer drops the node as what it is, a node with a value in
//! it, the value is dropped a second time. The node must forget the value it has given away.
//!
//! Source: RUSTSEC-2018-0009 (crossbeam, MsQueue and SegQueue).
//! Does not show: the epochs that decide when a node is reclaimed.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the node is dropped with what was copied out of it.
    node_drops_value: fails(DoubleFree) => pop_and_reclaim(true);
    /// As fixed: the node does not own the value any more.
    node_forgets_value: holds() => pop_and_reclaim(false);
}

fn free(value: *mut u32) {
    // SAFETY: it comes from `into_raw`, and this is its only owner: the claim under test.
    drop(unsafe { Box::from_raw(value) });
}

fn pop_and_reclaim(with_value: bool) {
    let in_node = AtomicPtr::new(Box::into_raw(Box::new(7)));
    let retired = AtomicPtr::new(std::ptr::null_mut());
    thread::scope(|s| {
        s.spawn(|| {
            let popped = in_node.load(Relaxed); // Relaxed: it was there from the start
            retired.store(popped, Release); // Release: pairs with the reclaimer's load
            free(popped);
        });
        s.spawn(|| {
            let value = retired.load(Acquire); // Acquire: pairs with the store of the popper
            if !value.is_null() && with_value {
                free(value);
            }
        });
    });
}
