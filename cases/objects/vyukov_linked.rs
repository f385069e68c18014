//! Vyukov's linked queue is not first in, first out even for a consumer that only takes: its own stub tells it what it cannot find.
//!
//! Shape: a push makes its node the last one by a swap, and then links it behind the node before.
//! Between the two it hides every push behind it. The only consumer gives each node away, so it
//! takes the last one only when it has pushed a stub behind it. That swap comes after all pushes so
//! far, and if one is still to be linked, it finds nothing in a queue that it knows not to be empty.
//!
//! Source: Vyukov, Intrusive MPSC node-based queue, 1024cores.net, 2010.
//! Does not show: nodes that are used again, except the stub.

use std::marker::PhantomData;

use super::rt::linear::specs::{Fifo, Hold, MayRefuseTakes};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// Up to three threads and five operations, of which one thread takes, and a take at the end.
    every_client: linearizable() => linearizable::<Queue<NONE>>(&clients());
    /// A take finds nothing although a push has returned, and the taker knows it.
    no_fifo: not_linearizable(NotLinearizable) => linearizable::<Queue<NONE, Fifo>>(&clients());
    /// The link does not publish.
    relaxed_link: not_linearizable(NotPublished).weak() => linearizable::<Queue<LINK>>(&clients());
    /// The reset of the stub's link may come after a link that is made there, which is lost.
    weak_swap: not_linearizable(NotLinearizable).weak() => linearizable::<Queue<SWAP>>(&clients());
    /// Two pushes find the same last node, and one link overwrites the other.
    split_swap: not_linearizable(NotLinearizable) => linearizable::<Queue<SPLIT>>(&clients());
    /// The stub's link is not reset, and the consumer follows it to what it has taken.
    stale_link: not_linearizable(NotLinearizable) => linearizable::<Queue<STALE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LINK: u8 = 1;
const SWAP: u8 = 2;
const SPLIT: u8 = 3;
const STALE: u8 = 4;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0)]), Role::one([Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(5)).numbered(Hold::number).last([Hold::Rest; 3])
}

/// Nodes are numbered by their values; 0 as a link means none.
const STUB: usize = 7;

struct Queue<const FAULT: u8, S = MayRefuseTakes<Fifo>> {
    first: AtomicUsize, // the consumer's own: where it goes on
    last: AtomicUsize,
    next: [AtomicUsize; 8],
    claims: PhantomData<fn() -> S>,
}

impl<const FAULT: u8, S> Queue<FAULT, S> {
    fn push(&self, node: usize) {
        if node == STUB && FAULT != STALE {
            self.next[node].store(0, Relaxed); // Relaxed: the swap puts it before links from here
        }
        // Acquire: as the swap; the flaw is the gap after it
        let split = (FAULT == SPLIT).then(|| self.last.load(Acquire));
        // Release, Acquire: pair with each other: a stub is reset before it is linked from
        let before = self.last.swap(node, if FAULT == SWAP { Relaxed } else { AcqRel });
        let before = split.unwrap_or(before);
        // Release: pairs with the consumer's load
        self.next[before].store(node, if FAULT == LINK { Relaxed } else { Release });
    }

    fn pop(&self) -> Option<usize> {
        loop {
            let node = self.first.load(Relaxed); // Relaxed: only the consumer has it
            // Acquire: pairs with the link. Relaxed: it says only whether somebody is about to link.
            match self.next[node].load(Acquire) {
                0 if node == STUB || self.last.load(Relaxed) != node => return None,
                0 => self.push(STUB),
                next => {
                    self.first.store(next, Relaxed); // Relaxed: as above
                    if node != STUB {
                        return Some(node);
                    }
                }
            }
        }
    }
}

impl<const FAULT: u8, S: Spec<Operation = Hold, Result = Option<u8>>> Object for Queue<FAULT, S> {
    type Spec = S;

    fn new() -> Self {
        let [first, last] = [STUB; 2].map(AtomicUsize::new);
        Queue { first, last, next: [0; 8].map(AtomicUsize::new), claims: PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let Hold::Put(value) = *operation else { return self.pop().map(|node| node as u8) };
        self.push(value.into());
        None
    }
}
