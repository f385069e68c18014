//! A put that has lost its exchange has not happened yet: what it returns, nobody has read.
//!
//! Shape: the slot of one key in a hash table. A put reads the value that is there and exchanges it
//! for its own; it returns what it replaced. The table's author let a put that lost its exchange
//! return at once, win or lose: it is as if it had won and another put had overwritten its value
//! before anybody could read it. But then the winner has to return that value, and the loser what
//! was there when it came. One version returned what it had read, and a value was removed twice;
//! a later one reads again, and returns what its winner put. A put that tries again is linearizable.
//! The smallest clients: `Swap(1) → 0 ∥ Swap(2) → 0`, both say that the slot was empty; and
//! `Swap(1) → 0 ∥ Swap(2) → 1 ∥ Swap(3) → 1`, two say that they have replaced 1.
//!
//! Source: JCTools issue 205 (NonBlockingHashMap; fvlad, 2018) and issue 319 (NonBlockingHashMapLong, found by
//! Lincheck; alefedor, 2020).
//! Does not show: probing, and how the table grows.

use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// A put that lost tries again: up to three threads and four operations.
    every_client: linearizable() => linearizable::<Slot<AGAIN>>(&clients());
    /// A put that lost returns what it had read, as its winner does: JCTools issue 205.
    returns_what_was_read: not_linearizable(NotLinearizable)
        => linearizable::<Slot<BEFORE>>(&clients());
    /// A put that lost returns what its winner has written: JCTools issue 319.
    returns_what_came_after: not_linearizable(NotLinearizable)
        => linearizable::<Slot<AFTER>>(&clients());
    /// A put that publishes nothing: what its caller did is not there for who reads the value.
    relaxed_exchange: not_linearizable(NotPublished).weak()
        => linearizable::<Slot<RELAXED>>(&clients());
}

/// What a put does that lost its exchange; the last one does as the first.
const AGAIN: u8 = 0;
const BEFORE: u8 = 1;
const AFTER: u8 = 2;
const RELAXED: u8 = 3;

fn clients() -> Clients<Number> {
    let role = Role::any([Number::Swap(0), Number::Read]);
    Clients::new([role], Size::new(3, 3).up_to(4)).numbered(Number::number)
}

/// The value of the key; 0 if there is none.
struct Slot<const LOST: u8>(AtomicU8);

impl<const LOST: u8> Slot<LOST> {
    fn put(&self, new: u8) -> u8 {
        let mut old = self.0.load(Relaxed); // Relaxed: the exchange looks again
        loop {
            let release = if LOST == RELAXED { Acquire } else { AcqRel };
            // AcqRel: the Release pairs with the load in `get` and with the Acquire of the put that replaces the value
            match self.0.compare_exchange(old, new, release, Relaxed) {
                Ok(_) => return old,
                Err(_) if LOST == BEFORE => return old,
                Err(_) if LOST == AFTER => return self.get(),
                Err(now) => old = now,
            }
        }
    }

    fn get(&self) -> u8 {
        self.0.load(Acquire) // Acquire: pairs with the exchange in `put`
    }
}

impl<const LOST: u8> Object for Slot<LOST> {
    type Spec = Cell;

    fn new() -> Self {
        Slot(AtomicU8::new(0))
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        match *operation {
            Number::Swap(value) => Some(self.put(value)),
            _ => Some(self.get()),
        }
    }
}
