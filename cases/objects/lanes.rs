//! A queue with a lane for each producer keeps each producer's order, and loses which of two came first.
//!
//! Shape: each producer appends to a lane of its own, and publishes it by the lane's length. The
//! consumer looks at the lanes one after another and takes from the first that has something. A
//! value that another thread has put into the second lane, after it had been told of one in the
//! first, may be taken before that one. So it is no queue to its clients, but one to each producer.
//! That nothing is left is a fact: no lane ever loses a value to anybody else, so all of them were
//! empty when the consumer began to look.
//!
//! Source: Lamport, ACM TOPLAS 5(2), 1983 (a lane: one writes the length, the other reads it).
//! Does not show: lanes that come and go, and a consumer that waits.

use std::marker::PhantomData;

use super::rt::cell::UnsafeCell;
use super::rt::linear::specs::{Fifo, Hold, PerProducer};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// Two producers and a consumer: each producer's values come in its order.
    every_client: linearizable() => linearizable::<Lanes<NONE>>(&clients());
    /// Among the producers there is no order that the consumer keeps.
    one_queue: not_linearizable(NotLinearizable) => linearizable::<Lanes<NONE, Fifo>>(&clients());
    /// The length is raised before the value is there for who reads it.
    relaxed_length: not_linearizable(DataRace) => linearizable::<Lanes<LENGTH>>(&clients());
    /// The consumer reads behind where it was in the lane before, and in the first lane at the beginning.
    stale_lane: not_linearizable(NotLinearizable) => linearizable::<Lanes<STALE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LENGTH: u8 = 1;
const STALE: u8 = 2;

fn clients() -> Clients<Hold> {
    let calls = [[Hold::Put(0x00)], [Hold::Put(0x10)], [Hold::Take]].map(Role::one);
    Clients::new(calls, Size::new(3, 2).up_to(5)).numbered(Hold::number_of)
}

struct Lane {
    values: [UnsafeCell<u8>; 8],
    length: AtomicUsize,
    taken: UnsafeCell<usize>,
}

struct Lanes<const FAULT: u8, S = PerProducer>([Lane; 2], PhantomData<fn() -> S>);

impl<const FAULT: u8, S> Lanes<FAULT, S> {
    fn put(&self, value: u8) {
        let lane = &self.0[usize::from(value >> 4)];
        let at = lane.length.load(Relaxed); // Relaxed: only this producer writes it
        // SAFETY: the consumer reads the place after it has acquired a length beyond it.
        lane.values[at].with_mut(|place| unsafe { *place = value });
        // Release: pairs with the load in `take`, which reads the value
        lane.length.store(at + 1, if FAULT == LENGTH { Relaxed } else { Release });
    }

    fn take(&self) -> Option<u8> {
        let mut before = 0;
        self.0.iter().find_map(|lane| {
            // SAFETY: there is one consumer, and nobody else touches it.
            let taken = lane.taken.with(|taken| unsafe { *taken });
            let at = if FAULT == STALE { before } else { taken };
            before = taken + 1;
            // Acquire: pairs with the store in `put`
            if lane.length.load(Acquire) <= taken {
                return None;
            }
            // SAFETY: there is one consumer, and nobody else touches it.
            lane.taken.with_mut(|taken| unsafe { *taken = at + 1 });
            // SAFETY: the value was written before the length that covers it was released; where
            // the length is Relaxed, this races.
            Some(lane.values[at].with(|place| unsafe { *place }))
        })
    }
}

impl<const FAULT: u8, S> Object for Lanes<FAULT, S>
where
    S: Spec<Operation = Hold, Result = Option<u8>>,
{
    type Spec = S;

    fn new() -> Self {
        let lane = |_| Lane {
            values: [0; 8].map(UnsafeCell::new),
            length: AtomicUsize::new(0),
            taken: UnsafeCell::new(0),
        };
        Lanes([0; 2].map(lane), PhantomData)
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => self.put(value),
            _ => return self.take(),
        }
        None
    }
}
