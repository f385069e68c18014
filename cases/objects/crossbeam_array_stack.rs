//! A stack whose top tells where the next value goes tells nobody whether the last one is still being read.
//!
//! Shape: a stack in an array was proposed in the manner of the array queue: a push moves the top up by an
//! exchange and then writes the place, a pop moves it down and then reads. Between the two steps of a pop
//! another push has the place again and writes it. In a queue the next value goes elsewhere, in a stack it
//! goes exactly there. The review said so at once, and that it would not be linearizable with atomic places
//! either, and the proposal was closed. Here the repair is a lock. The smallest clients: `Put(1) ∥ Take`,
//! a data race, and with atomic places, 0 being what nobody has put there: `Put(1) ∥ Take → 0`.
//!
//! Source: crossbeam pull request 1115 (`ArrayStack`; the review by tomtomjhj, 2024).
//! Does not show: how the proposal tells that the array is full.

use super::rt::cell::UnsafeCell;
use super::rt::linear::specs::{Hold, Lifo};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*};

cases! {
    /// Both steps are done under a lock: up to three threads and four operations.
    every_client: linearizable() => linearizable::<Stack<LOCKED>>(&clients());
    /// The top is moved by an exchange, and the place is written or read after that: crossbeam pull request 1115.
    as_proposed: not_linearizable(DataRace) => linearizable::<Stack<PLAIN>>(&clients());
    /// The same with atomic places: a pop reads what was there before the push, or after the next one.
    atomic_places: not_linearizable(NotLinearizable) => linearizable::<Stack<ATOMIC>>(&clients());
}

const LOCKED: u8 = 0;
const PLAIN: u8 = 1;
const ATOMIC: u8 = 2;

fn clients() -> Clients<Hold> {
    Clients::new([Role::any([Hold::Put(0), Hold::Take])], Size::new(3, 2).up_to(4))
        .numbered(Hold::number)
}

struct Stack<const PLACES: u8> {
    top: AtomicUsize,
    plain: [UnsafeCell<u8>; 4],
    atomic: [AtomicU8; 4],
    lock: Mutex<()>,
}

impl<const PLACES: u8> Stack<PLACES> {
    /// Moves the top; returns the place that it was moved over, if it can be moved.
    fn move_top(&self, up: bool) -> Option<usize> {
        // AcqRel: who moves the top has what its last mover did before. Relaxed, else: the lock orders all
        let order = if PLACES == LOCKED { Relaxed } else { AcqRel };
        let mut top = self.top.load(Relaxed); // Relaxed: the exchange looks again
        loop {
            let next = if up { top + 1 } else { top.checked_sub(1)? };
            // AcqRel, Relaxed: as above
            match self.top.compare_exchange(top, next, order, Relaxed) {
                Ok(_) => return Some(top.min(next)),
                Err(now) => top = now,
            }
        }
    }
}

impl<const PLACES: u8> Object for Stack<PLACES> {
    type Spec = Lifo;

    fn new() -> Self {
        let (plain, atomic) = ([0; 4].map(UnsafeCell::new), [0; 4].map(AtomicU8::new));
        Stack { top: AtomicUsize::new(0), plain, atomic, lock: Mutex::new(()) }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let _locked = (PLACES == LOCKED).then(|| self.lock.lock().unwrap());
        if let Hold::Put(value) = *operation {
            let place = self.move_top(true).expect("a push has room");
            match PLACES {
                ATOMIC => self.atomic[place].store(value, Release), // Release: pairs with the load below
                // SAFETY: the lock is held; without it a pop may still read here
                _ => self.plain[place].with_mut(|cell| unsafe { *cell = value }),
            }
            return None;
        }
        let place = self.move_top(false)?;
        Some(match PLACES {
            ATOMIC => self.atomic[place].load(Acquire), // Acquire: pairs with the store above
            // SAFETY: the lock is held; without it a push may write here
            _ => self.plain[place].with(|cell| unsafe { *cell }),
        })
    }
}
