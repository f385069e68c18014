//! Treiber's stack needs Release where it pushes and Acquire where it pops, and nothing else: all threads meet at the top.
//!
//! Shape: a push writes the top into its node's link and exchanges the top for the node. A pop reads
//! the top and then the link of that node, and exchanges the top for what the link says. Whoever
//! loses an exchange looks again. The exchange of a pop publishes nothing of its own and may be
//! Relaxed: a read-modify-write goes on with the release sequences of the pushes before it. That a
//! stack is empty needs no ordering at all, because one location has one order of writes.
//!
//! Source: Treiber, IBM RJ 5118, 1986; ISO C++20 [intro.races] p5 (release sequence).
//! Does not show: nodes that are used again (`treiber_index_aba`).

use super::rt::linear::specs::{Hold, Lifo};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread.
    every_client: linearizable().exposed() => linearizable::<Stack<NONE>>(&clients());
    /// A pop has a value, and not what its pusher did before.
    relaxed_push: not_linearizable(NotPublished).weak() => linearizable::<Stack<PUSH>>(&clients());
    /// The same from the other side: a pop acquires nothing with the top.
    relaxed_pop: not_linearizable(NotPublished).weak() => linearizable::<Stack<POP>>(&clients());
    /// The second look of a pop that has lost an exchange has to acquire as well.
    relaxed_second_look: not_linearizable(NotPublished).weak()
        => linearizable::<Stack<LOOK>>(&clients());
    /// Two pops find the same top and write what is below it: a value is taken twice.
    split_pop: not_linearizable(NotLinearizable) => linearizable::<Stack<SPLIT>>(&clients());
    /// A push that lost an exchange keeps its old link: what another push has put in is lost.
    stale_link: not_linearizable(NotLinearizable) => linearizable::<Stack<LINK>>(&clients());
    /// A pop that lost an exchange keeps the link of the node that it had read before.
    stale_next: not_linearizable(NotLinearizable) => linearizable::<Stack<NEXT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const PUSH: u8 = 1;
const POP: u8 = 2;
const LOOK: u8 = 3;
const SPLIT: u8 = 4;
const LINK: u8 = 5;
const NEXT: u8 = 6;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(4)).numbered(Hold::number)
}

/// Nodes are numbered by their values; 0 means none.
struct Stack<const FAULT: u8> {
    top: AtomicUsize,
    next: [AtomicUsize; 8],
}

impl<const FAULT: u8> Stack<FAULT> {
    fn push(&self, node: usize) {
        let mut top = self.top.load(Relaxed); // Relaxed: a push does not read what it finds
        self.next[node].store(top, Relaxed); // Relaxed: the exchange publishes it
        let release = if FAULT == PUSH { Relaxed } else { Release };
        // Release: pairs with the loads of `pop`. Relaxed where it fails: as the load above.
        while let Err(now) = self.top.compare_exchange(top, node, release, Relaxed) {
            top = now;
            if FAULT != LINK {
                self.next[node].store(top, Relaxed); // Relaxed: as above
            }
        }
    }

    fn pop(&self) -> Option<usize> {
        // Acquire: pairs with the exchange of `push`; the link is read after it
        let mut top = self.top.load(if FAULT == POP { Relaxed } else { Acquire });
        let mut next = self.next[top].load(Relaxed); // Relaxed: the top is acquired
        while top != 0 {
            if FAULT == SPLIT && self.top.load(Relaxed) == top {
                self.top.store(next, Relaxed); // Relaxed: the flaw is the gap before it
                return Some(top);
            }
            let again = if FAULT == LOOK { Relaxed } else { Acquire };
            // Relaxed: it goes on with the pushes' release sequences. Acquire: as the load above.
            match self.top.compare_exchange(top, next, Relaxed, again) {
                Ok(_) => return Some(top),
                Err(now) => top = now,
            }
            if FAULT != NEXT {
                next = self.next[top].load(Relaxed); // Relaxed: as above
            }
        }
        None
    }
}

impl<const FAULT: u8> Object for Stack<FAULT> {
    type Spec = Lifo;

    fn new() -> Self {
        Stack { top: AtomicUsize::new(0), next: [0; 8].map(AtomicUsize::new) }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let Hold::Put(value) = *operation else { return self.pop().map(|node| node as u8) };
        self.push(value.into());
        None
    }
}
