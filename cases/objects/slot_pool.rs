//! A pool of slots gives back any value that is in it, and takes it out by one exchange of its slot.
//!
//! Shape: a value is put into the first slot that is free, and taken out of the first that is not.
//! Both go from slot to slot, and each slot is one word, exchanged in one step. Which value comes is
//! left open: the pool is a bag and no queue. With several slots a thread that takes may pass each of
//! them while it is empty although a value was there all the time, if others move it; for up to
//! three threads and four operations some order explains this.
//!
//! Source: HikariCP 2.7.2, 2017, ConcurrentBag (a pool of connections that are lent in any order).
//! Does not show: waiting for a value; a slot of its own for each thread.

use super::rt::linear::specs::{Bag, Fifo, Hold};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and four operations, with no more values than slots.
    every_client: linearizable().exposed() => linearizable::<Pool<NONE, Bag>>(&clients());
    /// It is no queue: a later value is put into an earlier slot.
    in_order: not_linearizable(NotLinearizable) => linearizable::<Pool<NONE, Fifo>>(&clients());
    /// Who puts a value in publishes nothing of it.
    relaxed_put: not_linearizable(NotPublished).weak() => linearizable::<Pool<PUT, Bag>>(&clients());
    /// Who takes a value out has not what came before it.
    relaxed_take: not_linearizable(NotPublished).weak()
        => linearizable::<Pool<TAKE, Bag>>(&clients());
    /// Two threads find one value, and both take it.
    split_take: not_linearizable(NotLinearizable) => linearizable::<Pool<SPLIT, Bag>>(&clients());
    /// Two threads find one slot free, and the value of one is lost.
    split_put: not_linearizable(NotLinearizable) => linearizable::<Pool<LOSE, Bag>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const PUT: u8 = 1;
const TAKE: u8 = 2;
const SPLIT: u8 = 3;
const LOSE: u8 = 4;

fn clients() -> Clients<Hold> {
    Clients::new([Role::any([Hold::Put(0), Hold::Take])], Size::new(3, 2).up_to(4))
        .numbered(Hold::number)
        .only(|client| {
            let puts = client.threads.iter().flatten().filter(|hold| **hold != Hold::Take);
            puts.count() <= 3
        })
}

/// Values, and 0 where none is.
struct Pool<const FAULT: u8, S> {
    slots: [AtomicU8; 3],
    spec: std::marker::PhantomData<fn() -> S>,
}

impl<const FAULT: u8, S> Pool<FAULT, S> {
    fn put(&self, value: u8) -> bool {
        let release = if FAULT == PUT { Relaxed } else { Release };
        self.slots.iter().any(|slot| {
            if FAULT == LOSE {
                let is_free = slot.load(Relaxed) == 0; // Relaxed: as below
                if is_free {
                    slot.store(value, Release); // Release: as below; the flaw is the gap before it
                }
                return is_free;
            }
            // Release: pairs with the swap that takes it out. Relaxed: the next slot is tried
            slot.compare_exchange(0, value, release, Relaxed).is_ok()
        })
    }

    fn take(&self) -> Option<u8> {
        let take = |slot: &AtomicU8| {
            let acquire = if FAULT == TAKE { Relaxed } else { Acquire };
            let value = if FAULT == SPLIT {
                let value = slot.load(Acquire); // Acquire: as below
                slot.store(0, Relaxed); // Relaxed: the flaw is the gap before it
                value
            } else {
                slot.swap(0, acquire) // Acquire: pairs with the putting in
            };
            (value != 0).then_some(value)
        };
        self.slots.iter().find_map(take)
    }
}

impl<const FAULT: u8, S> Object for Pool<FAULT, S>
where
    S: Spec<Operation = Hold, Result = Option<u8>>,
{
    type Spec = S;

    fn new() -> Self {
        Pool { slots: [0; 3].map(AtomicU8::new), spec: std::marker::PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => (!self.put(value)).then_some(value),
            _ => self.take(),
        }
    }
}
