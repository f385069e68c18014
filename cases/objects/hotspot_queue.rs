//! An attempt that lost a race knows that there was something, so it must not say that there was nothing.
//!
//! Shape: a push exchanges the tail and then links its node behind the old one, or makes it the head if the
//! old one is gone. A pop moves the head to the next node, or claims a last node by clearing its link. Where
//! another pop was faster, the attempt said that the queue is empty; it is repaired by trying again. The
//! smallest client: `Put(1); Put(2); Take → None ∥ Take → 1`. Several that push may still hide values from
//! each other for a moment, as the class documents: `Put(1) ∥ Put(2); Take → None`.
//!
//! Source: JDK-8279294, openjdk/jdk pull request 7149 (HotSpot's `NonblockingQueue::try_pop`; Barrett, 2022).
//! Does not show: appending lists, and nodes that are used again, which the class leaves to its users.

use std::marker::PhantomData;

use super::rt::linear::specs::{Fifo, Hold, MayRefuseTakes};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// A lost race is tried again: one thread pushes, up to three pop, four operations.
    every_client: linearizable().exposed() => linearizable::<Queue<NONE>>(&clients(1));
    /// A lost race is taken for an empty queue: jdk pull request 7149.
    lost_is_empty: not_linearizable(NotLinearizable) => linearizable::<Queue<LOST>>(&clients(1));
    /// Two threads push, and one hides what the other one has pushed.
    two_push: not_linearizable(NotLinearizable) => linearizable::<Queue<NONE>>(&clients(2));
    /// With two that push it is a queue in which a pop may find nothing at any moment.
    two_push_may: linearizable().exposed() => linearizable::<Hiding<NONE>>(&clients(2));
    /// A claim that publishes nothing: the next node is the head before the last one was, and is lost.
    relaxed_claim: not_linearizable(NotLinearizable).weak() => linearizable::<Hiding<CLAIM>>(&clients(2));
    /// The same where the tail is cleared.
    relaxed_tail: not_linearizable(NotLinearizable).weak() => linearizable::<Hiding<TAIL>>(&clients(2));
    /// The last node is claimed by a look and a store: two have it.
    split_claim: not_linearizable(NotLinearizable) => linearizable::<Queue<SPLIT>>(&clients(1));
    /// A link that publishes nothing: what its pusher did is not there for who takes the node.
    relaxed_link: not_linearizable(NotPublished).weak() => linearizable::<Queue<LINK>>(&clients(1));
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LOST: u8 = 1;
const SPLIT: u8 = 2;
const LINK: u8 = 3;
const CLAIM: u8 = 4;
const TAIL: u8 = 5;
const END: usize = 9; // the link of a last node; 0 is that of a node that is gone

/// So many threads push; all pop.
fn clients(pushers: usize) -> Clients<Hold> {
    let pushing = Role { operations: vec![Hold::Put(0), Hold::Take], threads: pushers };
    let clients = Clients::new([pushing, Role::any([Hold::Take])], Size::new(3, 3).up_to(4));
    clients.numbered(Hold::number).last([Hold::Rest; 4])
}

/// Nodes have the numbers of their values.
struct Queue<const FAULT: u8, S = Fifo> {
    head: AtomicUsize,
    tail: AtomicUsize,
    next: [AtomicUsize; 5],
    claim: PhantomData<fn() -> S>,
}
type Hiding<const FAULT: u8> = Queue<FAULT, MayRefuseTakes<Fifo>>;

impl<const FAULT: u8, S> Queue<FAULT, S> {
    fn push(&self, node: usize) {
        let release = if FAULT == LINK { Relaxed } else { Release };
        self.next[node].store(END, Relaxed); // Relaxed: nobody knows the node yet
        // AcqRel: pairs with itself: the next push finds this node's link written
        let old = self.tail.swap(node, AcqRel);
        // Release: pairs with the load in `try_pop`. Acquire: pairs with the claim of a node that is gone
        if old == 0 || self.next[old].compare_exchange(END, node, release, Acquire).is_err() {
            self.head.store(node, Release); // Release: as above
        }
    }

    /// The node that is taken, none if the queue is empty, or an error if another pop was faster.
    fn try_pop(&self) -> Result<Option<usize>, ()> {
        let head = self.head.load(Acquire); // Acquire: pairs with the store and the exchange of the head
        if head == 0 {
            return Ok(None);
        }
        let next = self.next[head].load(Acquire); // Acquire: pairs with the link
        if next != END {
            // Release: pairs with the load of the head. Relaxed: a failure is tried again
            let moved = self.head.compare_exchange(head, next, Release, Relaxed);
            return if moved.is_ok() && next != 0 { Ok(Some(head)) } else { Err(()) };
        }
        let [claim, clear] =
            [CLAIM, TAIL].map(|fault| if FAULT == fault { Relaxed } else { Release });
        // Release, both: pair with the failed link and with the swap, so that the next head comes after this
        if FAULT == SPLIT {
            self.next[head].store(0, claim); // the flaw is the gap before it
        } else if self.next[head].compare_exchange(END, 0, claim, Relaxed).is_err() {
            return Err(());
        }
        let _ = self.tail.compare_exchange(head, 0, clear, Relaxed); // Release, as said
        let _ = self.head.compare_exchange(head, 0, Relaxed, Relaxed); // Relaxed: nothing is read because of it
        Ok(Some(head))
    }
}

impl<const FAULT: u8, S: Spec<Operation = Hold, Result = Option<u8>>> Object for Queue<FAULT, S> {
    type Spec = S;

    fn new() -> Self {
        let [head, tail] = [0; 2].map(AtomicUsize::new);
        Queue { head, tail, next: [0; 5].map(AtomicUsize::new), claim: PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        if let Hold::Put(value) = *operation {
            self.push(value.into());
            return None;
        }
        loop {
            match self.try_pop() {
                Err(()) if FAULT != LOST => {}
                found => return found.unwrap_or_default().map(|node| node as u8),
            }
        }
    }
}
