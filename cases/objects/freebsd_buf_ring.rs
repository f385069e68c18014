//! Whoever compares two cursors has to read the one first that cannot be overtaken while it reads the other.
//!
//! Shape: a ring in which producers move a head by an exchange and publish it by a tail, in order. A producer
//! reads the head, then where the consumer is, and the ring is full if the next place is the consumer's. The
//! two loads were plain. Read the other way round, as processors may, the consumer has gone on in between and
//! the head has come round to it, so a full ring takes one value more. An acquiring load of the head repairs
//! it; here the exchange has to release, too, and to acquire where it fails. The smallest client, of a ring
//! for one value: `Take → 3 ∥ Put(2) ∥ Put(3); Put(4)`, of which none is refused. A put may be refused while
//! another one is half done, so the specification is `MayRefusePuts`; the strict one fails with `Put(1) →
//! refused; Take → None ∥ Put(3)`.
//!
//! Source: FreeBSD review D46155, 2024 (`buf_ring_enqueue`; reported by Ali Saidi).
//! Does not show: several consumers, whose loads had the same fault, and interrupts.

use std::marker::PhantomData;

use super::rt::hint;
use super::rt::linear::specs::{Fifo, Hold, MayRefusePuts};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*};

cases! {
    /// The head is read first, and acquired: one consumer, up to three threads and four operations.
    every_client: linearizable()
        .slack("Ring::enqueue: self.consumer.load", "Relaxed", "for clients that come to a place again")
        .slack("Ring::dequeue: self.consumer.store", "Relaxed", "as the load that it pairs with")
        .slack("Ring::enqueue: self.tail.load", "Relaxed", "for rings with more room")
        => linearizable::<Ring<NONE, Refusing>>(&clients());
    /// A put that is half done refuses others, so it is no bounded queue.
    half_done: not_linearizable(NotLinearizable) => linearizable::<Ring<NONE, Fifo<false, 1>>>(&clients());
    /// Both cursors are read in any order: a ring that is full takes one more (FreeBSD review D46155).
    either_order: not_linearizable(NotLinearizable).weak() => linearizable::<Ring<ORDER, Refusing>>(&clients());
    /// The head is moved by a look and a store: two producers have one place.
    split_head: not_linearizable(Livelock) => linearizable::<Ring<SPLIT, Refusing>>(&clients());
    /// The tail publishes nothing: the consumer finds a place and not what is in it.
    relaxed_tail: not_linearizable(NotPublished).weak() => linearizable::<Ring<TAIL, Refusing>>(&clients());
}

const NONE: u8 = 0;
const ORDER: u8 = 1;
const SPLIT: u8 = 2;
const TAIL: u8 = 3;

/// A queue for one value that may refuse a put at any moment.
type Refusing = MayRefusePuts<Fifo<false, 1>>;

/// One thread takes values out; it may put some in, too.
fn clients() -> Clients<Hold> {
    let roles = [Role::one([Hold::Put(0), Hold::Take]), Role::any([Hold::Put(0)])];
    Clients::new(roles, Size::new(3, 3).up_to(4)).numbered(Hold::number).last([Hold::Rest])
}

/// A ring for one value. The cursors are not wrapped, or an exchange could find the head come round.
struct Ring<const FAULT: u8, S> {
    head: AtomicUsize,
    tail: AtomicUsize,
    consumer: AtomicUsize,
    places: [AtomicU8; 2],
    claim: PhantomData<fn() -> S>,
}

impl<const FAULT: u8, S> Ring<FAULT, S> {
    fn enqueue(&self, value: u8) -> Option<u8> {
        // Acquire: pairs with the exchange below: who sees a head sees where its mover saw the consumer
        let acquire = if FAULT == ORDER { Relaxed } else { Acquire };
        let mut head = self.head.load(acquire); // Acquire: as said
        loop {
            // Acquire: pairs with the consumer's Release: it has read the place that is written next
            if head == self.consumer.load(Acquire) + 1 {
                return Some(value);
            }
            if FAULT == SPLIT {
                self.head.store(head + 1, Release); // Release: as below; the flaw is the gap before it
                break;
            }
            // Release, Acquire: as above
            match self.head.compare_exchange(head, head + 1, Release, acquire) {
                Ok(_) => break,
                Err(now) => head = now,
            }
        }
        self.places[head % 2].store(value, Relaxed); // Relaxed: the tail publishes it
        // Acquire: pairs with the Release below, so that the consumer has what all producers wrote
        while self.tail.load(Acquire) != head {
            hint::spin_loop();
        }
        // Release: pairs with the consumer's load
        self.tail.store(head + 1, if FAULT == TAIL { Relaxed } else { Release });
        None
    }

    fn dequeue(&self) -> Option<u8> {
        let place = self.consumer.load(Relaxed); // Relaxed: only this thread writes it
        // Acquire: pairs with the tail's Release
        if self.tail.load(Acquire) == place {
            return None;
        }
        let value = self.places[place % 2].load(Relaxed); // Relaxed: the tail has published it
        self.consumer.store(place + 1, Release); // Release: pairs with the producers' load
        Some(value)
    }
}

impl<const FAULT: u8, S: Spec<Operation = Hold, Result = Option<u8>>> Object for Ring<FAULT, S> {
    type Spec = S;

    fn new() -> Self {
        let [head, tail, consumer] = [0; 3].map(AtomicUsize::new);
        Ring { head, tail, consumer, places: [0; 2].map(AtomicU8::new), claim: PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => self.enqueue(value),
            _ => self.dequeue(),
        }
    }
}
