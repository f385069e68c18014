//! `Gate`: a lock whose holders can wait for each other's changes, on one location, for models of types that `std` or others provide.
//!
//! The word holds whether the gate is closed, and counts the changes that were told. Entering and waiting are awaiting exchanges,
//! leaving is a store: so the order of those who pass is the coherence order of one location, whatever the orderings are. An *unordered* gate
//! takes Relaxed ones: it excludes, and puts nobody behind anybody. What the modelled type promises then goes by [`Moment`](super::Moment)s.

use std::panic::Location;

use super::{may_time_out, word};
use crate::current::perform_if_inside;
use crate::label::{Op, Order, Outcome, Step};
use crate::ops::{self, Loc};

/// In the word: somebody is inside. The rest counts changes.
const CLOSED: u64 = 1;

/// A lock with changes to wait for.
#[derive(Debug)]
pub struct Gate {
    word: Loc,
    ordered: bool,
}

impl Gate {
    /// An open gate; an ordered one puts whoever enters behind all who were inside before.
    #[track_caller]
    pub fn new(ordered: bool) -> Self {
        Gate { word: ops::create(0, Op::New, Location::caller()), ordered }
    }

    fn order(&self, order: Order) -> Order {
        if self.ordered { order } else { Order::Relaxed }
    }

    /// Waits until nobody is inside, and enters; gives the number of changes so far.
    #[track_caller]
    pub fn enter(&self) -> u64 {
        self.await_step(
            |old, _, _, v| {
                let open = old & CLOSED == 0;
                (v == 0).then_some(if open { Outcome::Write(old | CLOSED) } else { Outcome::Block })
            },
            0,
        )
    }

    /// Leaves; a change wakes those who wait.
    #[track_caller]
    pub fn leave(&self, changes: u64, changed: bool) {
        let at = Location::caller();
        let access = word(self.word, self, Op::Unlock, self.order(Order::Release), at);
        let value = (changes + u64::from(changed)) << 1;
        perform_if_inside(|exec| exec.store(&access, value));
    }

    /// Waits until there are more changes than `changes` and nobody is inside, and enters.
    #[track_caller]
    pub fn enter_changed(&self, changes: u64) -> u64 {
        self.await_step(
            |old, seen, _, v| {
                let open = old & CLOSED == 0 && old != seen;
                (v == 0).then_some(if open { Outcome::Write(old | CLOSED) } else { Outcome::Block })
            },
            changes << 1,
        )
    }

    /// As [`enter_changed`](Self::enter_changed); or times out while nothing has changed, and does not enter: `None`.
    #[track_caller]
    pub fn enter_changed_or_time_out(&self, changes: u64) -> Option<u64> {
        let step: Step = |old, seen, may_time_out, v| {
            if v == 1 {
                return (old == seen && may_time_out == 1).then_some(Outcome::Keep);
            }
            let open = old & CLOSED == 0 && old != seen;
            (v == 0).then_some(if open { Outcome::Write(old | CLOSED) } else { Outcome::Block })
        };
        let at = Location::caller();
        let access = word(self.word, self, Op::LockTimeout, self.order(Order::Acquire), at);
        let (word, outcome) = ops::update(&access, step, changes << 1, may_time_out());
        (outcome != Outcome::Keep).then_some(word >> 1)
    }

    #[track_caller]
    fn await_step(&self, step: Step, seen: u64) -> u64 {
        let at = Location::caller();
        let access = word(self.word, self, Op::Lock, self.order(Order::Acquire), at);
        ops::update(&access, step, seen, 0).0 >> 1
    }
}
