//! An exchange on the index alone does not notice that the buffer behind it was replaced.
//!
//! Shape: a thief looks up the buffer once and then steals element after element, each by an
//! exchange on the top. The owner replaces the buffer by a larger one meanwhile and pushes into
//! that. The thief's next exchange succeeds, for the index is right, but it has read an old slot of
//! the old buffer: one element is had twice and another never. Either the buffer is looked up after
//! the bottom, for every element, or it is compared before the exchange.
//!
//! Source: RUSTSEC-2021-0093 and crossbeam pull request 726 (crossbeam-deque).
//! Does not show: the life of the old buffer; here nobody frees it.

use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The buffer of the first steal is used for the second: RUSTSEC-2021-0093.
    looked_up_once: fails(Assertion) => steal_while_growing(Lookup::Once, [Release, Acquire]);
    /// The buffer is looked up after the bottom: it is the one the element was pushed into.
    looked_up_each_time: holds() => steal_while_growing(Lookup::EachTime, [Release, Acquire]);
    /// The buffer is looked up early, and compared before the exchange.
    compared: holds() => steal_while_growing(Lookup::Compared, [Release, Acquire]);
    /// The larger buffer is found before what was copied into it.
    relaxed_replacement: fails(Assertion).weak()
        => steal_while_growing(Lookup::EachTime, [Relaxed, Acquire]);
    /// It is found, but what was copied into it is not acquired.
    relaxed_lookup: fails(Assertion).weak()
        => steal_while_growing(Lookup::EachTime, [Release, Relaxed]);
}

#[derive(Clone, Copy, PartialEq)]
enum Lookup {
    Once,
    EachTime,
    Compared,
}

struct Deque {
    top: AtomicUsize,
    bottom: AtomicUsize,
    /// The current one of the two.
    buffer: AtomicUsize,
    buffers: [Vec<AtomicUsize>; 2],
    /// Of the buffer's replacement and its lookup.
    orders: [Ordering; 2],
}

impl Deque {
    fn lookup(&self) -> usize {
        // Acquire: pairs with the store in `grow_and_push`; Relaxed may find the larger buffer and
        // none of what was copied into it.
        self.buffer.load(self.orders[1])
    }

    fn grow_and_push(&self, element: usize) {
        let kept = self.buffers[0][0].load(Relaxed); // Relaxed: it was there from the start
        self.buffers[1][0].store(kept, Relaxed); // Relaxed: the stores below publish it
        self.buffer.store(1, self.orders[0]); // Release: the copy is in it before it is found
        self.buffers[1][1].store(element, Relaxed); // Relaxed: the store below publishes it
        self.bottom.store(2, Release); // Release: publishes the element and the buffer it is in
    }

    fn steal(&self, early: usize, lookup: Lookup) -> Option<usize> {
        let top = self.top.load(Relaxed); // Relaxed: there is one thief
        let bottom = self.bottom.load(Acquire); // Acquire: the buffer is looked up after it
        let buffer = if lookup == Lookup::EachTime { self.lookup() } else { early };
        let slots = &self.buffers[buffer];
        if top >= bottom {
            return None;
        }
        let element = slots[top % slots.len()].load(Relaxed); // Relaxed: the bottom published it
        if lookup == Lookup::Compared && self.lookup() != buffer {
            return None;
        }
        // Relaxed: there is one thief, and the owner takes nothing
        self.top.compare_exchange(top, top + 1, Relaxed, Relaxed).ok()?;
        Some(element)
    }
}

fn steal_while_growing(lookup: Lookup, orders: [Ordering; 2]) {
    let buffers = [vec![AtomicUsize::new(1)], vec![AtomicUsize::new(0), AtomicUsize::new(0)]];
    let (top, bottom) = (AtomicUsize::new(0), AtomicUsize::new(1));
    let deque = Deque { top, bottom, buffer: AtomicUsize::new(0), buffers, orders };
    thread::scope(|s| {
        s.spawn(|| deque.grow_and_push(2));
        s.spawn(|| {
            let buffer = deque.lookup();
            let (first, second) = (deque.steal(buffer, lookup), deque.steal(buffer, lookup));
            assert!(second.is_none() || first != second, "one element is stolen twice");
            assert!(first != Some(0), "an element is stolen before it was copied");
        });
    });
}
