//! In a bounded queue of numbered slots each slot's turn publishes, and the counters only count.
//!
//! Shape: many producers and consumers share a ring. A producer takes a position from the tail by a
//! compare-exchange, but only where the slot's turn says that it is free for that position; it
//! writes and hands the slot over by its turn, and a consumer hands it back for the next round. The
//! message travels with the turn, so the counters may be Relaxed. With a single slot "full" and
//! "free for the next round" are the same turn, and a producer overwrites what nobody has read.
//!
//! Source: Vyukov, Bounded MPMC queue, 1024cores.net, 2010.
//! Minimal: `Queue::claim: slot.turn.load` Acquire, `Queue::claim: counter.compare_exchange`
//! Relaxed, `Queue::try_push: slot.turn.store` Release, `Queue::try_pop: slot.turn.store` Release
//! (Vyukov, 1024cores.net, 2010).
//! Does not show: retrying; an operation that meets another one gives up here.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

/// Of the turn's store and load.
type Orders = (Ordering, Ordering);

cases! {
    /// A slot's message and its emptiness travel with its turn.
    release_acquire: holds() => two_producers(2, (Release, Acquire));
    /// A slot is handed over without its message.
    relaxed_store: fails(DataRace) => two_producers(2, (Relaxed, Acquire));
    /// A slot is taken over without its message.
    relaxed_load: fails(DataRace) => two_producers(2, (Release, Relaxed));
    /// One slot: a full one looks free.
    one_slot: fails(DataRace) => two_producers(1, (Release, Acquire));
}

struct Slot {
    turn: AtomicUsize,
    message: UnsafeCell<u32>,
}

struct Queue {
    slots: Vec<Slot>,
    tail: AtomicUsize,
    head: AtomicUsize,
    orders: Orders,
}

impl Queue {
    fn new(capacity: usize, orders: Orders) -> Self {
        let slot = |turn| Slot { turn: AtomicUsize::new(turn), message: UnsafeCell::new(0) };
        let (tail, head) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Queue { slots: (0..capacity).map(slot).collect(), tail, head, orders }
    }

    /// Takes the position in `counter` if its slot's turn is `ahead` of it.
    fn claim(&self, counter: &AtomicUsize, ahead: usize) -> Option<(usize, &Slot)> {
        let position = counter.load(Relaxed); // Relaxed: the turn says whether it is current
        let slot = &self.slots[position % self.slots.len()];
        // Acquire: pairs with the store of the turn by whoever had the slot before
        let ready = slot.turn.load(self.orders.1) == position + ahead;
        // Relaxed: the counter publishes nothing, atomicity gives the position to one thread
        let next = || counter.compare_exchange(position, position + 1, Relaxed, Relaxed);
        (ready && next().is_ok()).then_some((position, slot))
    }

    fn try_push(&self, message: u32) {
        if let Some((position, slot)) = self.claim(&self.tail, 0) {
            // SAFETY: one thread gets the position, and the turn says that the slot is free for it;
            // Release and Acquire say so of its last reading too. With one slot a full one looks
            // free.
            slot.message.with_mut(|m| unsafe { *m = message });
            slot.turn.store(position + 1, self.orders.0); // Release: pairs with the load in a pop
        }
    }

    fn try_pop(&self) -> Option<u32> {
        let (position, slot) = self.claim(&self.head, 1)?;
        // SAFETY: as in `try_push`, with the turn saying that the slot is filled.
        let message = slot.message.with(|m| unsafe { *m });
        let next_round = position + self.slots.len();
        slot.turn.store(next_round, self.orders.0); // Release: pairs with the load in a push
        Some(message)
    }
}

fn two_producers(capacity: usize, orders: Orders) {
    let queue = Queue::new(capacity, orders);
    thread::scope(|s| {
        s.spawn(|| {
            queue.try_push(1);
            queue.try_push(2);
            queue.try_push(3);
        });
        s.spawn(|| {
            assert!(queue.try_pop().is_none_or(|first| first == 1));
            queue.try_push(4);
        });
    });
}
