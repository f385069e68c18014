//! A compare-exchange loop is as good as the operation that it replaces only if each round computes its new value anew.
//!
//! Shape: an addition loads the count, and exchanges it for one more if it is still there. If it is
//! not, the exchange says what is there now, and the addition begins again with that. The new value
//! has to be made from the same number that is expected. No ordering is needed for the count.
//!
//! Source: ISO C++20 [atomics.types.operations] p23 to p27 (what a failed exchange gives back); Bos,
//! Rust Atomics and Locks, 2023, chapter 2.
//! Does not show: back-off; that the loop of one thread may lose for ever.

use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and three operations.
    every_client: linearizable() => linearizable::<Counter<NONE>>(&clients());
    /// The second round expects what is there now, and writes what followed the number before.
    stale_sum: not_linearizable(NotLinearizable) => linearizable::<Counter<SUM>>(&clients());
    /// The addition returns the number of its first round.
    stale_result: not_linearizable(NotLinearizable) => linearizable::<Counter<RESULT>>(&clients());
    /// The addition gives up when the exchange fails, and says that it has added.
    one_round: not_linearizable(NotLinearizable) => linearizable::<Counter<ONCE>>(&clients());
    /// Comparing and writing are two steps.
    split_exchange: not_linearizable(NotLinearizable) => linearizable::<Counter<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const SUM: u8 = 1;
const RESULT: u8 = 2;
const ONCE: u8 = 3;
const SPLIT: u8 = 4;

fn clients() -> Clients<Number> {
    let operations = [Number::Add(1), Number::Add(2), Number::Read];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(3))
}

struct Counter<const FAULT: u8>(AtomicU8);

impl<const FAULT: u8> Counter<FAULT> {
    fn exchange(&self, expected: u8, new: u8) -> Result<u8, u8> {
        if FAULT != SPLIT {
            // Relaxed: the count alone is handed over, and coherence orders its values
            return self.0.compare_exchange(expected, new, Relaxed, Relaxed);
        }
        // Relaxed: as above
        match self.0.load(Relaxed) {
            now if now == expected => {
                self.0.store(new, Relaxed); // Relaxed: the flaw is the gap before it
                Ok(expected)
            }
            now => Err(now),
        }
    }

    fn add(&self, more: u8) -> u8 {
        let first = self.0.load(Relaxed); // Relaxed: the exchange compares
        let (mut expected, mut new) = (first, first + more);
        while let Err(now) = self.exchange(expected, new) {
            if FAULT == ONCE {
                break;
            }
            expected = now;
            if FAULT != SUM {
                new = now + more;
            }
        }
        if FAULT == RESULT { first } else { expected }
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Counter(AtomicU8::new(0))
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        match *operation {
            Number::Add(more) => Some(self.add(more)),
            _ => Some(self.0.load(Relaxed)), // Relaxed: coherence keeps it from being older than what was known
        }
    }
}
