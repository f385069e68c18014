//! In Vyukov's bounded queue a push that is half done hides the finished ones behind it, so "empty" is no fact.
//!
//! Shape: every place says whose turn it is. A push raises the counter by an exchange and so claims
//! a place, writes its value there, and passes the turn to the pop of that place; a pop does the
//! same and passes it to the push of the next round. Between claim and turn the place is nobody's.
//! A thread that pushes behind it has returned, and its own pop finds nothing. What is handed over
//! is handed over in order, and nothing is left behind: it is a queue that may refuse at any moment.
//!
//! Source: Vyukov, Bounded MPMC queue, 1024cores.net, 2010.
//! Does not show: that "full" is no fact either; counters that overflow.

use std::marker::PhantomData;

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Fifo, Hold, MayRefuse};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

/// What the queue is.
type Weaker = MayRefuse<Fifo<false, 2>>;

cases! {
    /// Up to three threads and four operations, two a thread, that may all be refused.
    every_client: linearizable().exposed() => linearizable::<Queue<NONE, Weaker>>(&clients());
    /// A push has returned, and a pop after it finds the queue empty.
    no_fifo: not_linearizable(NotLinearizable) => linearizable::<Queue<NONE>>(&clients());
    /// A push passes the turn on before its value is there for who gets it.
    relaxed_push: not_linearizable(DataRace) => linearizable::<Queue<PUSH, Weaker>>(&clients());
    /// A pop passes the turn on, and the push of the next round may overwrite what it reads.
    relaxed_pop: not_linearizable(DataRace) => linearizable::<Queue<POP, Weaker>>(&clients());
    /// Two threads find the turn theirs and both claim the place.
    split_claim: not_linearizable(DataRace) => linearizable::<Queue<SPLIT, Weaker>>(&clients());
    /// Whoever lost the exchange goes on with the place that it had found before.
    stale_place: not_linearizable(DataRace) => linearizable::<Queue<STALE, Weaker>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const PUSH: u8 = 1;
const POP: u8 = 2;
const SPLIT: u8 = 3;
const STALE: u8 = 4;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(4)).numbered(Hold::number).last([Hold::Rest; 2])
}

struct Queue<const FAULT: u8, S = Fifo<false, 2>> {
    /// Of the pushes and of the pops.
    counters: [AtomicUsize; 2],
    turns: [AtomicUsize; 2],
    values: [UnsafeCell<u8>; 2],
    claims: PhantomData<fn() -> S>,
}

impl<const FAULT: u8, S> Queue<FAULT, S> {
    /// The counter's next number, if its place says that it is its turn: `ahead` of the number.
    fn claim(&self, counter: &AtomicUsize, ahead: usize) -> Option<usize> {
        let mut n = counter.load(Relaxed); // Relaxed: the turn decides
        loop {
            // Acquire: pairs with who passes the turn; the value is touched after it
            let turn = self.turns[n % 2].load(Acquire);
            if turn < n + ahead {
                return None;
            } else if turn > n + ahead {
                hint::spin_loop();
                n = counter.load(Relaxed); // Relaxed: as above
            } else if FAULT == SPLIT && counter.load(Relaxed) == n {
                counter.store(n + 1, Relaxed); // Relaxed: the flaw is the gap before it
                return Some(n);
            } else {
                // Relaxed: the turn has acquired the value, and passes it on
                match counter.compare_exchange(n, n + 1, Relaxed, Relaxed) {
                    Err(now) if FAULT != STALE => n = now,
                    _ => return Some(n),
                }
            }
        }
    }
}

impl<const FAULT: u8, S: Spec<Operation = Hold, Result = Option<u8>>> Object for Queue<FAULT, S> {
    type Spec = S;

    fn new() -> Self {
        let counters = [0; 2].map(AtomicUsize::new);
        let (turns, values) = ([0, 1].map(AtomicUsize::new), [0; 2].map(UnsafeCell::new));
        Queue { counters, turns, values, claims: PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let (counters, turns, values) = (&self.counters, &self.turns, &self.values);
        if let Hold::Put(value) = *operation {
            let Some(n) = self.claim(&counters[0], 0) else { return Some(value) };
            // SAFETY: the turn is this push's alone, and the last pop here has ended before it;
            // where a turn is Relaxed, or two have one, this races.
            values[n % 2].with_mut(|place| unsafe { *place = value });
            // Release: pairs with `claim`, whose pop reads the value
            turns[n % 2].store(n + 1, if FAULT == PUSH { Relaxed } else { Release });
            return None;
        }
        let n = self.claim(&counters[1], 1)?;
        // SAFETY: the turn is this pop's alone, and the push has written the value before it;
        // where a turn is Relaxed, or two have one, this races.
        let value = values[n % 2].with(|place| unsafe { *place });
        // Release: pairs with `claim`, whose push overwrites the value
        turns[n % 2].store(n + 2, if FAULT == POP { Relaxed } else { Release });
        Some(value)
    }
}
