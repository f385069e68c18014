//! A receiver that stops at a place that is taken and not yet filled says empty to who has just sent.
//!
//! Shape: a sender takes the next place of an unbounded channel by a counter, and fills it after that.
//! The receiver looks at the place where it is: not filled, so it said that nothing is there. But
//! another sender may have filled the next place long ago, and its message is not lost, only later.
//! Users saw their own messages missing, and the call was taken out of the interface. It came back when
//! it asked the counter whether the place is taken, and then waited for it to be filled. The smallest
//! client: `Put(1); Take → None ∥ Put(3)`. What it did do is `MayRefuseTakes` below: to find nothing at any moment.
//!
//! Source: tokio issue 3350 and pull requests 3263 and 4113 (`mpsc::Receiver::try_recv`, 2020 to 2021).
//! Does not show: blocks of places, closing, and how the receiver waits, which it does with its waker.

use super::rt::hint;
use super::rt::linear::specs::{Fifo, Hold, MayRefuseTakes};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*};
use std::marker::PhantomData;

cases! {
    /// The receiver waits for a place that is taken: up to three threads and five operations.
    every_client: linearizable().exposed() => linearizable::<Channel<WAITS, Fifo>>(&clients());
    /// The receiver stops at a place that is not filled: tokio issue 3350.
    stops: not_linearizable(NotLinearizable) => linearizable::<Channel<STOPS, Fifo>>(&clients());
    /// The same is a queue that may say that nothing is there.
    stops_and_may: linearizable().exposed() => linearizable::<Channel<STOPS, MayRefuseTakes<Fifo>>>(&clients());
    /// A place is taken by a look and a store: two messages are put into one.
    split_counter: not_linearizable(NotLinearizable)
        => linearizable::<Channel<SPLIT, Fifo>>(&clients());
    /// A message that is not published: what its sender did is not there for the receiver.
    relaxed_fill: not_linearizable(NotPublished).weak()
        => linearizable::<Channel<FILL, Fifo>>(&clients());
}

/// Without a fault, and with one.
const WAITS: u8 = 0;
const STOPS: u8 = 1;
const SPLIT: u8 = 2;
const FILL: u8 = 3;

/// One thread receives; it may send, too.
fn clients() -> Clients<Hold> {
    let roles = [Role::one([Hold::Put(0), Hold::Take]), Role::any([Hold::Put(0)])];
    Clients::new(roles, Size::new(3, 3).up_to(5)).numbered(Hold::number).last([Hold::Rest; 5])
}

/// Messages are numbers; 0 is none.
struct Channel<const FAULT: u8, S> {
    taken: AtomicUsize,
    received: AtomicUsize,
    places: [AtomicU8; 6],
    claim: PhantomData<fn() -> S>,
}

impl<const FAULT: u8, S> Channel<FAULT, S> {
    fn send(&self, message: u8) {
        // Relaxed: who has sent before has moved the counter before, and that is enough
        let place = match FAULT {
            SPLIT => {
                let place = self.taken.load(Relaxed); // Relaxed: as above
                self.taken.store(place + 1, Relaxed); // casebook: allow(load-then-store) Relaxed or not, the flaw is the gap before it
                place
            }
            _ => self.taken.fetch_add(1, Relaxed), // Relaxed: as above
        };
        let release = if FAULT == FILL { Relaxed } else { Release };
        self.places[place].store(message, release); // Release: pairs with the receiver's load
    }

    fn try_recv(&self) -> Option<u8> {
        let place = self.received.load(Relaxed); // Relaxed: only the receiver writes it
        loop {
            // Acquire: pairs with the sender's store
            if let message @ 1.. = self.places[place].load(Acquire) {
                self.received.store(place + 1, Relaxed); // Relaxed: as above
                return Some(message);
            }
            // Relaxed: what this thread or those before it have sent is counted
            if FAULT == STOPS || self.taken.load(Relaxed) == place {
                return None;
            }
            hint::spin_loop();
        }
    }
}

impl<const FAULT: u8, S: Spec<Operation = Hold, Result = Option<u8>>> Object for Channel<FAULT, S> {
    type Spec = S;

    fn new() -> Self {
        let (taken, received) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Channel { taken, received, places: [0; 6].map(AtomicU8::new), claim: PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        match *operation {
            Hold::Put(value) => self.send(value),
            _ => return self.try_recv(),
        }
        None
    }
}
