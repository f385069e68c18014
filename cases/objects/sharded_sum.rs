//! A reading that adds up the parts of a counter may return a sum that the counter never had.
//!
//! Shape: two kinds of events are counted in two words, and a reading loads one after the other. If
//! an event of the first kind and then one of the second come in between, the reading has the second
//! without the first, and no moment had that sum. What remains is an interval: with SeqCst a reading
//! returns at least what was there when it began, and at most what was there when it ended. The
//! upper bound needs no ordering. Of the lower one each thread alone is sure, but two threads that
//! count and then read may each miss the other's event, as in store buffering.
//!
//! Source: McKenney, "Is Parallel Programming Hard", ch. 5 (statistical counters).
//! Does not show: that readings of one thread never go back, which coherence gives as well.

use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// In some order no reading returns more than has been counted: each stands where it ended.
    never_above: linearizable().exposed() => linearizable::<Counter<NONE, Bound<false>>>(&clients());
    /// With SeqCst, in some order none returns less than has been counted: each stands where it began.
    never_below: linearizable() => linearizable::<Counter<ORDERED, Bound<true>>>(&clients());
    /// With SeqCst none returns more either: each bound holds in an order of its own.
    ordered_above: linearizable() => linearizable::<Counter<ORDERED, Bound<false>>>(&clients());
    /// Relaxed, two readings miss each other's event, and one of the events comes first.
    relaxed_below: not_linearizable(NotLinearizable).weak()
        => linearizable::<Counter<NONE, Bound<true>>>(&clients());
    /// With SeqCst, too, a reading misses an event and has a later one: it is no counter.
    exact: not_linearizable(NotLinearizable) => linearizable::<Counter<ORDERED, Cell>>(&clients());
    /// A lost event is below what has been counted.
    split_count: not_linearizable(NotLinearizable)
        => linearizable::<Counter<SPLIT, Bound<true>>>(&clients());
    /// A part that is added twice is above what has been counted.
    part_twice: not_linearizable(NotLinearizable)
        => linearizable::<Counter<TWICE, Bound<false>>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const SPLIT: u8 = 1;
const TWICE: u8 = 2;
/// With the orderings that the lower bound takes.
const ORDERED: u8 = 3;

fn clients() -> Clients<Number> {
    let operations = [Number::Count(1), Number::Count(2), Number::Read];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4))
}

/// A counter of which a reading is no less than the sum, or no more.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Bound<const BELOW: bool>(u8);

impl<const BELOW: bool> Spec for Bound<BELOW> {
    type Operation = Number;
    type Result = Option<u8>;

    fn apply(&mut self, operation: &Number) -> Option<Option<u8>> {
        let Number::Count(more) = *operation else { return Some(Some(self.0)) };
        self.0 += more;
        Some(None)
    }

    fn explains(&mut self, operation: &Number, result: &Option<u8>) -> bool {
        match *result {
            Some(read) if BELOW => read >= self.0,
            Some(read) => read <= self.0,
            None => self.apply(operation).is_some(),
        }
    }
}

/// Events that weigh 1 are counted in the first part, those that weigh 2 in the second.
struct Counter<const FAULT: u8, S> {
    parts: [AtomicU8; 2],
    spec: std::marker::PhantomData<fn() -> S>,
}

impl<const FAULT: u8, S> Object for Counter<FAULT, S>
where
    S: Spec<Operation = Number, Result = Option<u8>>,
{
    type Spec = S;

    fn new() -> Self {
        Counter { parts: [0; 2].map(AtomicU8::new), spec: std::marker::PhantomData }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        let order = if FAULT == ORDERED || FAULT == SPLIT { SeqCst } else { Relaxed };
        let Number::Count(more) = *operation else {
            let parts = if FAULT == TWICE { [0, 0] } else { [0, 1] };
            // Relaxed: a part is not older than what was known of it, by coherence. SeqCst: of two
            // threads that count and then read, one sees the other's event
            return Some(parts.map(|part| self.parts[part].load(order)).iter().sum());
        };
        let part = &self.parts[usize::from(more) - 1];
        if FAULT == SPLIT {
            let old = part.load(order); // SeqCst: as below
            part.store(old + more, order); // SeqCst: as below; the flaw is the gap before it
        } else {
            part.fetch_add(more, order); // Relaxed, SeqCst: as the loads
        }
        None
    }
}
