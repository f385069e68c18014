//! A queue with a lock for each end is first in, first out only if a push makes its link before it lets go of the tail.
//!
//! Shape: pushes hold the tail's lock and pops the head's, so a push and a pop go on at once. The
//! link is all that they share, and no lock orders it: it has to publish by itself. A push that
//! moves the tail and links after its unlock leaves a gap; the next push hangs behind the gap, and
//! its own pop finds nothing. A pop that reads the head under one hold of the lock, and moves it
//! under another, takes what somebody else has taken between the two.
//!
//! Source: Michael and Scott, PODC 1996, figure 2 (its memory is sequentially consistent).
//! Does not show: reclamation; nodes are never reused.

use super::rt::linear::specs::{Fifo, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread.
    every_client: linearizable() => linearizable::<Queue<NONE>>(&clients());
    /// The tail's lock does not publish to who holds the head's.
    relaxed_link: not_linearizable(NotPublished).weak() => linearizable::<Queue<LINK>>(&clients());
    /// The head's lock does not acquire from who held the tail's.
    relaxed_follow: not_linearizable(NotPublished).weak()
        => linearizable::<Queue<FOLLOW>>(&clients());
    /// The link is made after the unlock: a push that has returned is behind one that has not.
    late_link: not_linearizable(NotLinearizable) => linearizable::<Queue<LATE>>(&clients());
    /// Two pushes find the same last node, and one link overwrites the other.
    split_push: not_linearizable(NotLinearizable) => linearizable::<Queue<PUSH>>(&clients());
    /// Two pops find the same first node, and both take its value.
    split_pop: not_linearizable(NotLinearizable) => linearizable::<Queue<POP>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LINK: u8 = 1;
const FOLLOW: u8 = 2;
const LATE: u8 = 3;
const PUSH: u8 = 4;
const POP: u8 = 5;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(4)).numbered(Hold::number)
}

/// Nodes are numbered by their values; 0 is the first dummy, and as a link it means none.
struct Queue<const FAULT: u8> {
    head: Mutex<usize>,
    tail: Mutex<usize>,
    next: [AtomicUsize; 8],
}

impl<const FAULT: u8> Queue<FAULT> {
    fn push(&self, node: usize) {
        let mut tail = self.tail.lock().unwrap();
        let last = *tail;
        if FAULT == PUSH {
            drop(tail);
            tail = self.tail.lock().unwrap();
        }
        *tail = node;
        if FAULT == LATE {
            drop(tail);
        }
        let release = if FAULT == LINK { Relaxed } else { Release };
        // Release: pairs with the load of `pop`; the unlock is for other pushes only
        self.next[last].store(node, release);
    }

    fn pop(&self) -> Option<usize> {
        let mut head = self.head.lock().unwrap();
        let acquire = if FAULT == FOLLOW { Relaxed } else { Acquire };
        // Acquire: pairs with the link; no pop before it has acquired this one
        let node = self.next[*head].load(acquire);
        if FAULT == POP {
            drop(head);
            head = self.head.lock().unwrap();
        }
        if node != 0 {
            *head = node;
        }
        (node != 0).then_some(node)
    }
}

impl<const FAULT: u8> Object for Queue<FAULT> {
    type Spec = Fifo;

    fn new() -> Self {
        Queue { head: Mutex::new(0), tail: Mutex::new(0), next: [0; 8].map(AtomicUsize::new) }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let Hold::Put(value) = *operation else { return self.pop().map(|node| node as u8) };
        self.push(value.into());
        None
    }
}
