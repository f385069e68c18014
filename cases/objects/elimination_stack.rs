//! A pop that takes a push's offer beside the stack has to answer: the push must know what its taker knew of the stack.
//!
//! Shape: a push offers its value in a slot before it goes to the stack, and a pop looks there
//! first. Whoever takes the offer exchanges it for a mark, and a push that cannot withdraw it is
//! done. The two stand side by side in any order that explains them, so what the taker did before
//! comes before the push as well. If the mark does not hand that over, the pusher's next pop may
//! find a stack empty that the taker has filled.
//!
//! Source: Hendler, Shavit and Yerushalmi, SPAA 2004 (it has many slots, tried when a push has lost).
//! Does not show: how often two meet; nodes that are used again.

use super::rt::linear::specs::{Hold, Lifo};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// Two threads with up to two operations each.
    every_client: linearizable().exposed() => linearizable::<Stack<NONE>>(&clients());
    /// A pop has the offer, and not what came before it.
    relaxed_offer: not_linearizable(NotPublished).weak() => linearizable::<Stack<OFFER>>(&clients());
    /// The push that was taken does not know what its taker has put in.
    no_answer: not_linearizable(NotLinearizable).weak() => linearizable::<Stack<ANSWER>>(&clients());
    /// A pop sees an offer and takes it, and meanwhile the push has withdrawn it.
    split_take: not_linearizable(NotLinearizable) => linearizable::<Stack<TAKE>>(&clients());
    /// A push withdraws its offer without looking whether it was taken.
    blind_withdrawal: not_linearizable(NotLinearizable) => linearizable::<Stack<BLIND>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const OFFER: u8 = 1;
const ANSWER: u8 = 2;
const TAKE: u8 = 3;
const BLIND: u8 = 4;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(2, 2)).numbered(Hold::number)
}

const TAKEN: usize = 9;

/// Nodes are numbered by their values; 0 means none, and in the slot 9 that the offer was taken.
struct Stack<const FAULT: u8> {
    slot: AtomicUsize,
    top: AtomicUsize,
    next: [AtomicUsize; 8],
}

impl<const FAULT: u8> Stack<FAULT> {
    /// Whether a pop has taken the node while it was offered.
    fn offer(&self, node: usize) -> bool {
        let release = if FAULT == OFFER { Relaxed } else { Release };
        // Release: pairs with the exchange in `take_offer`
        if self.slot.compare_exchange(0, node, release, Relaxed).is_err() {
            return false;
        }
        // Acquire: pairs with the mark: the push comes after all that its taker knows
        let is_taken = self.slot.compare_exchange(node, 0, Relaxed, Acquire).is_err();
        if is_taken {
            self.slot.store(0, Relaxed); // Relaxed: it offers nothing
        }
        is_taken && FAULT != BLIND
    }

    fn take_offer(&self) -> Option<usize> {
        // Relaxed: the exchange decides. Acquire: as the exchange; the flaw is the gap behind it.
        let node = self.slot.load(if FAULT == TAKE { Acquire } else { Relaxed });
        if node == 0 || node == TAKEN {
            return None;
        }
        if FAULT == TAKE {
            self.slot.store(TAKEN, Release); // Release: as the exchange
            return Some(node);
        }
        let answer = if FAULT == ANSWER { Acquire } else { AcqRel };
        // Acquire: pairs with the offer. Release: pairs with the withdrawal that fails.
        self.slot.compare_exchange(node, TAKEN, answer, Relaxed).ok()
    }

    fn push(&self, node: usize) -> Option<u8> {
        let mut top = self.top.load(Relaxed); // Relaxed: a push does not read what it finds
        loop {
            self.next[node].store(top, Relaxed); // Relaxed: the exchange publishes it
            // Release: pairs with `pop`. Relaxed where it fails: as the load above.
            top = self.top.compare_exchange(top, node, Release, Relaxed).err()?;
        }
    }

    fn pop(&self) -> Option<usize> {
        let mut top = self.top.load(Acquire); // Acquire: pairs with the exchange of `push`
        while top != 0 {
            let next = self.next[top].load(Relaxed); // Relaxed: the top is acquired
            // Relaxed: it goes on with the pushes' release sequences. Acquire: as the load above.
            let won = self.top.compare_exchange(top, next, Relaxed, Acquire);
            let Err(now) = won else { break };
            top = now;
        }
        (top != 0).then_some(top)
    }
}

impl<const FAULT: u8> Object for Stack<FAULT> {
    type Spec = Lifo;

    fn new() -> Self {
        let [slot, top] = [0; 2].map(AtomicUsize::new);
        Stack { slot, top, next: [0; 8].map(AtomicUsize::new) }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) if self.offer(value.into()) => None,
            Hold::Put(value) => self.push(value.into()),
            _ => self.take_offer().or_else(|| self.pop()).map(|node| node as u8),
        }
    }
}
