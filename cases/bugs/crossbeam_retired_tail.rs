//! A node may be retired from the head only when the tail has left it, too.
//!
//! Shape: a push links its node and is delayed before it moves the tail. A pop follows the link,
//! moves the head, and frees the old dummy node, which the tail still names. The next push starts
//! from the tail and reads freed memory. A pop that finds head and tail equal must move the tail
//! first.
//!
//! Source: crossbeam issue 238 and pull request 466 (crossbeam-epoch, queue).
//! Does not show: epochs, which keep a node for those who saw it before it was retired; the push
//! that fails here begins afterwards.

use std::ptr::null_mut;

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the pop looks at the head alone.
    head_only: fails(UseAfterFree) => push_and_pop(false);
    /// As fixed.
    tail_first: holds()
        .slack("Queue::pop: self.head.load", "Relaxed", "as published; there is one popper")
        .slack("Queue::pop: self.head.store", "Relaxed", "as published; there is one popper")
        .slack(
            "Queue::pop: self.tail.compare_exchange",
            "Relaxed",
            "as published; the next push is the popper's own",
        )
        => push_and_pop(true);
}

struct Node(AtomicPtr<Node>);

struct Queue {
    head: AtomicPtr<Node>,
    tail: AtomicPtr<Node>,
}

fn node() -> *mut Node {
    Box::into_raw(Box::new(Node(AtomicPtr::new(null_mut()))))
}

fn next<'a>(node: *mut Node) -> &'a AtomicPtr<Node> {
    // SAFETY: the caller found it by head or tail, and a pop frees a node when neither names it any
    // more; one that looks at the head alone frees what the tail still names.
    unsafe { &(*node).0 }
}

impl Queue {
    /// Tries once.
    fn push(&self) {
        let (last, new) = (self.tail.load(Acquire), node()); // Acquire: pairs with the tail's moves
        // Release: publishes the node to a pop. Relaxed: who fails follows no link
        if next(last).compare_exchange(null_mut(), new, Release, Relaxed).is_ok() {
            // Release: publishes the node to the next push. Relaxed: as above
            let _ = self.tail.compare_exchange(last, new, Release, Relaxed);
        } else {
            // SAFETY: nobody else has seen the node.
            drop(unsafe { Box::from_raw(new) });
        }
    }

    fn pop(&self, tail_first: bool) {
        let first = self.head.load(Acquire); // Acquire: pairs with the move of the head
        let second = next(first).load(Acquire); // Acquire: pairs with the link
        if second.is_null() {
            return;
        }
        if tail_first {
            // Release: pairs with the load in a push. Relaxed: the tail has moved already
            let _ = self.tail.compare_exchange(first, second, Release, Relaxed);
        }
        self.head.store(second, Release); // Release: pairs with the next pop's load
        // SAFETY: the head has moved on, and the tail too where it was looked at; where it was not,
        // it may still name this node.
        drop(unsafe { Box::from_raw(first) });
    }
}

fn push_and_pop(tail_first: bool) {
    let dummy = node();
    let queue = Queue { head: AtomicPtr::new(dummy), tail: AtomicPtr::new(dummy) };
    thread::scope(|s| {
        s.spawn(|| queue.push());
        s.spawn(|| {
            queue.pop(tail_first);
            queue.push();
        });
    });
    let mut left = queue.head.into_inner();
    while !left.is_null() {
        // SAFETY: both threads have ended, and the list is this thread's own.
        let Node(next) = Box::into_inner(unsafe { Box::from_raw(left) });
        left = next.into_inner();
    }
}
