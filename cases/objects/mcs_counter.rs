//! In an MCS lock the tail, the links and the flags each need both orderings: who waits at its own flag must have raised it first.
//!
//! Shape: an operation has a node of its own, which it appends at the tail. Who finds a node there
//! links itself behind it and waits for its own flag; who finds none is in. The owner lowers the
//! flag of its successor, or empties the tail if there is none. If the tail has moved and no link is
//! there yet, the owner waits for the link. Node 0 stands for none.
//!
//! Source: Mellor-Crummey and Scott, ACM TOCS 1991, section 2.4, algorithm 5.
//! Does not show: a node that is reset before it is appended, for which the swap has to release as
//! well (`mcs_lock`); that each thread spins on its own cache line.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

cases! {
    /// Up to three threads and three operations; each adds its own number.
    every_client: linearizable() => linearizable::<Counter<NONE>>(&clients());
    /// Who finds the queue empty does not see what the last owner wrote.
    tail_without_acquire: not_linearizable(DataRace) => linearizable::<Counter<ENTER>>(&clients());
    /// Who empties the queue does not publish what it wrote.
    tail_without_release: not_linearizable(DataRace) => linearizable::<Counter<EMPTY>>(&clients());
    /// The raising of the flag may come after the lowering of it, and the successor waits for ever.
    relaxed_link: not_linearizable(Livelock).weak() => linearizable::<Counter<LINK>>(&clients());
    /// The successor does not see what its predecessor wrote.
    relaxed_wait: not_linearizable(DataRace) => linearizable::<Counter<WAIT>>(&clients());
    /// The predecessor does not publish what it wrote.
    relaxed_hand_over: not_linearizable(DataRace) => linearizable::<Counter<HAND>>(&clients());
    /// Two threads find one predecessor, or none, and one of them is never woken or not waited for.
    split_tail: not_linearizable(Livelock) => linearizable::<Counter<SPLIT>>(&clients());
    /// An owner that finds no link leaves, although somebody has appended a node and waits.
    link_not_awaited: not_linearizable(Livelock) => linearizable::<Counter<LEAVE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const ENTER: u8 = 1;
const EMPTY: u8 = 2;
const LINK: u8 = 3;
const WAIT: u8 = 4;
const HAND: u8 = 5;
const SPLIT: u8 = 6;
const LEAVE: u8 = 7;

fn clients() -> Clients<Number> {
    Clients::new([Role::any([Number::Add(0)])], Size::new(3, 2).up_to(3)).numbered(Number::number)
}

/// Node `n` is that of the operation which adds `n`.
struct Counter<const FAULT: u8> {
    last: AtomicUsize,
    next: [AtomicUsize; 5],
    waits: [AtomicBool; 5],
    count: UnsafeCell<u8>,
}

impl<const FAULT: u8> Counter<FAULT> {
    fn append(&self, me: usize) -> usize {
        if FAULT != SPLIT {
            // Acquire: pairs with the exchange that emptied the queue
            return self.last.swap(me, if FAULT == ENTER { Relaxed } else { Acquire });
        }
        let before = self.last.load(Acquire); // Acquire: as above
        self.last.store(me, Relaxed); // Relaxed: the flaw is the gap before it
        before
    }

    fn lock(&self, me: usize) {
        self.waits[me].store(true, Relaxed); // Relaxed: published by the link
        let before = self.append(me);
        if before != 0 {
            // Release: pairs with the owner's load of the link: the flag is raised before it is lowered
            self.next[before].store(me, if FAULT == LINK { Relaxed } else { Release });
            // Acquire: pairs with the owner's lowering of the flag
            while self.waits[me].load(if FAULT == WAIT { Relaxed } else { Acquire }) {
                hint::spin_loop();
            }
        }
    }

    fn unlock(&self, me: usize) {
        let release = if FAULT == EMPTY { Relaxed } else { Release };
        // Release: pairs with the swap of who finds the queue empty. Relaxed: the link is followed.
        if self.last.compare_exchange(me, 0, release, Relaxed).is_ok() {
            return;
        }
        let mut next = self.next[me].load(Acquire); // Acquire: pairs with the successor's link
        while next == 0 && FAULT != LEAVE {
            hint::spin_loop();
            next = self.next[me].load(Acquire); // Acquire: as above
        }
        // Release: hands over what was written to who waits for this flag
        self.waits[next].store(false, if FAULT == HAND { Relaxed } else { Release });
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        let (next, waits) = ([0; 5].map(AtomicUsize::new), [false; 5].map(AtomicBool::new));
        Counter { last: AtomicUsize::new(0), next, waits, count: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        let Number::Add(more) = *operation else { unreachable!("no client calls it") };
        self.lock(more.into());
        // SAFETY: this operation found the queue empty, or its predecessor lowered its flag; where an
        // ordering or a step is missing, the owner before it is not over.
        let old =
            self.count.with_mut(|count| unsafe { std::mem::replace(&mut *count, *count + more) });
        self.unlock(more.into());
        Some(old)
    }
}
