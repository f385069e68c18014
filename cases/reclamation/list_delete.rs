//! A node that is taken out of a list under its readers keeps its own link, until none of them can stand on it any more.
//!
//! Shape: readers walk a list and take no lock. A writer takes the first of two nodes out, by the link
//! before it. A reader that stands on the node goes on by the node's link, as if nothing had happened. If
//! the writer clears that link, as one does with a node that is to be used again, the reader's list ends
//! there and the second node is not found, though nobody has touched it. If the node is freed at once, the
//! reader stands on nothing. So the writer waits until each reader has said that it is between two walks.
//!
//! Source: McKenney, "Is Parallel Programming Hard", ch. 9 (deletion from an RCU-protected list).
//! Does not show: how readers say it, see `quiescent_state`; several writers.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicPtr, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The link stays, and the node is freed after the reader's walk.
    after_the_walk: holds() => delete_beside_walk(false, Some([Release, Acquire]));
    /// The link is cleared when the node is taken out.
    link_cleared: fails(Assertion)
        .misses(Loom, SkipsInterleavings)
        => delete_beside_walk(true, Some([Release, Acquire]));
    /// The node is freed when it is taken out.
    freed_at_once: fails(UseAfterFree) => delete_beside_walk(false, None);
    /// The reader says that it is done, and not with what.
    relaxed_done: fails(UseAfterFree) => delete_beside_walk(false, Some([Relaxed, Acquire]));
    /// The writer sees that it is done, and not with what.
    relaxed_wait: fails(UseAfterFree) => delete_beside_walk(false, Some([Release, Relaxed]));
}

struct Node {
    next: AtomicPtr<Node>,
    is_last: bool,
}

/// Whether the link is cleared, and the orderings by which the reader is done and the writer waits for it.
fn delete_beside_walk(clears: bool, wait: Option<[Ordering; 2]>) {
    let node =
        |next, is_last| Box::into_raw(Box::new(Node { next: AtomicPtr::new(next), is_last }));
    let head = AtomicPtr::new(node(node(null_mut(), true), false));
    let is_done = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            let first = head.load(Relaxed); // Relaxed: the nodes were made before the threads
            // SAFETY: it was in the list when the walk began, and is freed when the reader has said that it is
            // done; `freed_at_once` does not wait for that.
            let next = unsafe { &*first }.next.load(Relaxed); // Relaxed: as above
            // SAFETY: the last node is not taken out.
            let found = unsafe { &*first }.is_last || !next.is_null() && unsafe { &*next }.is_last;
            assert!(found, "the last node is in the list, and not found");
            is_done.store(true, wait.map_or(Relaxed, |[done, _]| done)); // Release: pairs with the wait
        });
        s.spawn(|| {
            let first = head.load(Relaxed); // Relaxed: as above
            // SAFETY: only this thread takes it out.
            let next = unsafe { &*first }.next.load(Relaxed); // Relaxed: as above
            head.store(next, Relaxed); // Relaxed: as above
            if clears {
                // SAFETY: only this thread takes it out, and it frees it below.
                unsafe { &*first }.next.store(null_mut(), Relaxed); // Relaxed: no ordering helps
            }
            // Acquire: pairs with the reader's end
            while wait.is_some_and(|[_, done]| !is_done.load(done)) {
                hint::spin_loop();
            }
            // SAFETY: the reader is done with it, as above.
            drop(unsafe { Box::from_raw(first) });
        });
    });
    // SAFETY: the threads have ended.
    drop(unsafe { Box::from_raw(head.into_inner()) });
}
