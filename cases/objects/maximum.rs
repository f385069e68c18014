//! A maximum by compare-exchange has to compare again with what beat it, or a smaller value may replace a greater one.
//!
//! Shape: who brings a value loads the greatest so far, and is done if that is no less. Else it
//! exchanges the one for the other; if the exchange fails, it looks at what is there now before it
//! tries again. Both ends are Relaxed: the greatest value is one word, and coherence orders it.
//!
//! Source: ISO C++20 [atomics.types.operations] p23 (compare-exchange); Rust std, `AtomicU8::fetch_max`.
//! Does not show: a value that stands for something, which would have to be published.

use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and three operations: each finds the greatest before it.
    every_client: linearizable() => linearizable::<Maximum<NONE>>(&clients());
    /// After a failed exchange the value is written whatever beat it.
    stale_comparison: not_linearizable(NotLinearizable)
        => linearizable::<Maximum<STALE>>(&clients());
    /// Between the look and the store a greater value comes, and is lost.
    split_exchange: not_linearizable(NotLinearizable)
        => linearizable::<Maximum<SPLIT>>(&clients());
    /// A value that lost the exchange is not tried again, although it is greater than what won.
    one_round: not_linearizable(NotLinearizable) => linearizable::<Maximum<ONCE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const STALE: u8 = 1;
const SPLIT: u8 = 2;
const ONCE: u8 = 3;

fn clients() -> Clients<Number> {
    let operations = [Number::Max(1), Number::Max(2), Number::Read];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(3))
}

struct Maximum<const FAULT: u8>(AtomicU8);

impl<const FAULT: u8> Maximum<FAULT> {
    fn raise(&self, value: u8) -> u8 {
        let mut greatest = self.0.load(Relaxed); // Relaxed: one word, which coherence orders
        let mut is_first = true;
        while greatest < value || FAULT == STALE && !is_first {
            if FAULT == SPLIT {
                self.0.store(value, Relaxed); // Relaxed: the flaw is the gap before it
                return greatest;
            }
            // Relaxed: as above, also for the failure, which is compared again
            match self.0.compare_exchange(greatest, value, Relaxed, Relaxed) {
                Err(now) if FAULT != ONCE => greatest = now,
                _ => return greatest,
            }
            is_first = false;
        }
        greatest
    }
}

impl<const FAULT: u8> Object for Maximum<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Maximum(AtomicU8::new(0))
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        match *operation {
            Number::Max(value) => Some(self.raise(value)),
            _ => Some(self.0.load(Relaxed)), // Relaxed: as above
        }
    }
}
