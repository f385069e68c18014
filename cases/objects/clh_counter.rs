//! In a CLH lock the tail has to publish and to acquire, or an old flag that is still down lets the next one in.
//!
//! Shape: an operation raises the flag of its node, swaps the node into the tail, and waits until
//! the flag of the node that it got there is down. Then it is in, and it leaves by lowering its own
//! flag. The flag is down before it is raised, too, so the swap has to bring along that it was
//! raised. Each operation has a node of its own; node 0 is of nobody and its flag is down.
//!
//! Source: Craig, University of Washington TR 93-02-02, 1993; Magnusson, Landin and Hagersten, IPPS
//! 1994.
//! Does not show: a node that is used again, which `clh_lock` does.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};

cases! {
    /// Up to three threads and five operations, two a thread; each adds its own number.
    every_client: linearizable() => linearizable::<Counter<NONE>>(&clients());
    /// The predecessor's flag is seen as it was before it was raised, for the swap acquires nothing.
    tail_without_acquire: not_linearizable(DataRace).weak()
        => linearizable::<Counter<ENTER>>(&clients());
    /// The raised flag is not published with the node.
    tail_without_release: not_linearizable(DataRace).weak()
        => linearizable::<Counter<SHOW>>(&clients());
    /// The successor does not see what its predecessor wrote.
    relaxed_wait: not_linearizable(DataRace) => linearizable::<Counter<WAIT>>(&clients());
    /// The predecessor does not publish what it wrote.
    relaxed_unlock: not_linearizable(DataRace) => linearizable::<Counter<LEAVE>>(&clients());
    /// Two threads find one predecessor and are in together.
    split_tail: not_linearizable(DataRace) => linearizable::<Counter<SPLIT>>(&clients());
    /// The flag is raised once the node can be found, and a quick successor does not wait.
    raised_late: not_linearizable(DataRace) => linearizable::<Counter<LATE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const ENTER: u8 = 1;
const SHOW: u8 = 2;
const WAIT: u8 = 3;
const LEAVE: u8 = 4;
const SPLIT: u8 = 5;
const LATE: u8 = 6;

fn clients() -> Clients<Number> {
    Clients::new([Role::any([Number::Add(0)])], Size::new(3, 2).up_to(5)).numbered(Number::number)
}

/// Node `n` is that of the operation which adds `n`.
struct Counter<const FAULT: u8> {
    last: AtomicUsize,
    held: [AtomicBool; 7],
    count: UnsafeCell<u8>,
}

impl<const FAULT: u8> Counter<FAULT> {
    fn append(&self, me: usize) -> usize {
        if FAULT == SPLIT {
            let before = self.last.load(Acquire); // Acquire: as below
            self.last.store(me, Release); // Release: as below; the flaw is the gap before it
            return before;
        }
        let order = [AcqRel, Release, Acquire][if FAULT <= SHOW { FAULT as usize } else { 0 }];
        // Release: publishes the raised flag. Acquire: pairs with the predecessor's Release
        self.last.swap(me, order)
    }

    fn lock(&self, me: usize) {
        let raise = || self.held[me].store(true, Relaxed); // Relaxed: published by the swap
        if FAULT != LATE {
            raise();
        }
        let before = self.append(me);
        if FAULT == LATE {
            raise();
        }
        // Acquire: pairs with the predecessor's lowering of its flag
        while self.held[before].load(if FAULT == WAIT { Relaxed } else { Acquire }) {
            hint::spin_loop();
        }
    }

    fn unlock(&self, me: usize) {
        // Release: pairs with the successor's wait; the flag alone hands the counter over
        self.held[me].store(false, if FAULT == LEAVE { Relaxed } else { Release });
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        let held = [false; 7].map(AtomicBool::new);
        Counter { last: AtomicUsize::new(0), held, count: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        let Number::Add(more) = *operation else { unreachable!("no client calls it") };
        self.lock(more.into());
        // SAFETY: the predecessor's flag was raised and is down again, and a successor waits for this
        // one; where an older flag passes for it, both are in.
        let old =
            self.count.with_mut(|count| unsafe { std::mem::replace(&mut *count, *count + more) });
        self.unlock(more.into());
        Some(old)
    }
}
