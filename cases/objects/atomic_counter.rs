//! Counting is linearizable without any ordering, and handing a value over by the same counter is not.
//!
//! Shape: an addition is one read-modify-write of one word, and a reading is one load. What happened
//! before a reading is never older than what it reads: coherence of one word says so, and it needs
//! no Acquire or Release. But a value that is swapped in may stand for something, and who reads it
//! has to find that. This takes both orderings, and the word itself does not tell.
//!
//! Source: ISO C++20 [atomics.order] p10 and [intro.races] p15 to p18 (coherence); Bos, Rust Atomics
//! and Locks, 2023, chapter 2.
//! Does not show: two words, for which coherence says nothing (`two_word_snapshot`).

use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread, all of them Relaxed.
    every_client: linearizable().exposed() => linearizable::<Counter<NONE>>(&counting());
    /// Two threads find one number and write one successor of it.
    split_add: not_linearizable(NotLinearizable) => linearizable::<Counter<SPLIT>>(&counting());
    /// An addition that adds to what a look before has found loses what came in between.
    stale_add: not_linearizable(NotLinearizable) => linearizable::<Counter<STALE>>(&counting());
    /// With both orderings a swap hands over what came before it.
    every_swap: linearizable() => linearizable::<Counter<ORDERED>>(&handing_over());
    /// Relaxed, it gives the value and not what came before it.
    relaxed_swap: not_linearizable(NotPublished).weak()
        => linearizable::<Counter<NONE>>(&handing_over());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const SPLIT: u8 = 1;
const STALE: u8 = 2;
/// With the orderings that handing over takes.
const ORDERED: u8 = 3;

fn counting() -> Clients<Number> {
    Clients::new([Role::any([Number::Add(1), Number::Read])], Size::new(3, 2).up_to(4))
}

fn handing_over() -> Clients<Number> {
    let operations = [Number::Swap(0), Number::Read];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4)).numbered(Number::number)
}

struct Counter<const FAULT: u8>(AtomicU8);

impl<const FAULT: u8> Counter<FAULT> {
    fn add(&self, more: u8) -> u8 {
        if FAULT != SPLIT && FAULT != STALE {
            return self.0.fetch_add(more, Relaxed); // Relaxed: nothing is handed over
        }
        let old = self.0.load(Relaxed); // Relaxed: as above
        if FAULT == SPLIT {
            self.0.store(old + more, Relaxed); // Relaxed: the flaw is the gap before it
            return old;
        }
        self.0.swap(old + more, Relaxed) // Relaxed: the flaw is that the sum is older than the swap
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Counter(AtomicU8::new(0))
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        let both = if FAULT == ORDERED { AcqRel } else { Relaxed };
        let acquire = if FAULT == ORDERED { Acquire } else { Relaxed };
        Some(match *operation {
            Number::Add(more) => self.add(more),
            // Release: publishes what came before the value. Acquire: pairs with the swap before
            Number::Swap(value) => self.0.swap(value, both),
            _ => self.0.load(acquire), // Acquire: pairs with the swap that it reads
        })
    }
}
