//! A receiver that reads a ring where the sender never waits must check what it has read.
//!
//! Shape: a broadcast channel keeps the last messages and overwrites the oldest. A receiver that is
//! too slow finds a later message in the slot of the one it wants. Each slot carries its message's
//! number, and looked at under the slot's lock it tells. A look at the sender's position before the
//! slot is locked does not: the slot may be overwritten in between.
//!
//! Source: tokio::sync::broadcast, documentation, section Lagging.
//! Does not show: what to do about it; skipping to the oldest message that is left is usual.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const CAPACITY: u32 = 2;

cases! {
    /// The number in the slot is compared under the slot's lock.
    number_in_the_slot: holds()
        .slack("Ring::send: self.sent.store", "Relaxed", "`checked_before` fails in spite of it")
        => overtake(|ring, wanted| {
            let found = *ring.slot(wanted).lock().unwrap();
            (found == wanted).then_some(found)
        });
    /// Whether the receiver lags is decided before it reads.
    checked_before: fails(Assertion) => overtake(|ring, wanted| {
        // Acquire: pairs with the sender's store
        let lags = ring.sent.load(Acquire) >= wanted + CAPACITY;
        (!lags).then(|| *ring.slot(wanted).lock().unwrap())
    });
    /// Whatever is in the slot is taken for what was wanted.
    unchecked: fails(Assertion)
        => overtake(|ring, wanted| Some(*ring.slot(wanted).lock().unwrap()));
}

struct Ring {
    /// The last message of each slot; messages are their own numbers.
    slots: Vec<Mutex<u32>>,
    sent: AtomicU32,
}

impl Ring {
    fn slot(&self, number: u32) -> &Mutex<u32> {
        &self.slots[(number % CAPACITY) as usize]
    }

    fn send(&self, number: u32) {
        *self.slot(number).lock().unwrap() = number;
        self.sent.store(number, Release); // Release: pairs with the load of who checks before
    }
}

/// `receive` gives a message, or nothing where the receiver lags.
fn overtake(receive: fn(&Ring, u32) -> Option<u32>) {
    let ring = Ring { slots: (0..CAPACITY).map(Mutex::new).collect(), sent: AtomicU32::new(0) };
    ring.send(1);
    ring.send(2);
    thread::scope(|s| {
        s.spawn(|| ring.send(3));
        s.spawn(|| {
            if let Some(received) = receive(&ring, 1) {
                assert_eq!(received, 1, "another message is taken for the first");
            }
        });
    });
}
