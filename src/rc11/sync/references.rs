//! `References`: how many references there are to a value, and how many weak ones, for models of a counted pointer.
//!
//! Both are on one location, so that whoever asks for the only one sees both at once. `std` has two: who asks for one count, and then for the
//! other, may see them from different moments there, and not here. What is ordered is what `std` promises of its `Arc`:
//! who drops the last reference, or finds itself alone, comes after the drops of the others, and who upgrades a weak one comes
//! after the value was made. A weak reference orders nothing by going.

use std::panic::Location;

use super::word;
use crate::current::perform_if_inside;
use crate::label::{Op, Order, Outcome, Step};
use crate::ops::{self, Access, Loc};

/// In the word: one weak reference. Below it the others are counted.
const WEAK: u64 = 1 << 32;

fn strong(word: u64) -> u64 {
    word % WEAK
}

/// The two counts.
#[derive(Debug)]
pub struct References {
    word: Loc,
}

impl References {
    /// There are `strong` references and no weak ones.
    #[track_caller]
    pub fn new(strong: u32) -> Self {
        References { word: ops::create(strong.into(), Op::New, Location::caller()) }
    }

    /// One more, from somebody who has one.
    #[track_caller]
    pub fn add(&self) {
        self.change(Op::FetchAdd, Order::Relaxed, always, 1);
    }

    /// The first one, to a value just made.
    #[track_caller]
    pub fn add_first(&self) {
        self.change(Op::FetchAdd, Order::Release, always, 1); // pairs with the Acquire of `upgrade`
    }

    /// One more, if there is one still.
    #[track_caller]
    pub fn upgrade(&self) -> bool {
        let step: Step = |old, one, _, v| only_if(strong(old) > 0, old, one, v);
        matches!(self.change(Op::FetchAdd, Order::Acquire, step, 1), Some((_, Outcome::Write(_))))
    }

    /// One less; whether it was the last, which then comes after all others.
    #[track_caller]
    pub fn remove(&self) -> bool {
        let found = self.change(Op::FetchSub, Order::Release, always, 1_u64.wrapping_neg());
        let last = found.is_some_and(|(old, _)| strong(old) == 1);
        if last {
            self.load(Order::Acquire); // pairs with the Release of the others
        }
        last
    }

    /// The only one goes, whatever weak ones there are; false if it is not the only one.
    #[track_caller]
    pub fn remove_only(&self) -> bool {
        let step: Step = |old, less, _, v| only_if(strong(old) == 1, old, less, v);
        let found = self.change(Op::FetchSub, Order::Acquire, step, 1_u64.wrapping_neg());
        matches!(found, Some((_, Outcome::Write(_))))
    }

    /// Whether there is one reference, and no weak one.
    #[track_caller]
    pub fn is_only(&self) -> bool {
        self.load(Order::Acquire) == 1 // Acquire: who is alone comes after the drops of the others
    }

    /// One more weak one.
    #[track_caller]
    pub fn add_weak(&self) {
        self.change(Op::FetchAdd, Order::Relaxed, always, WEAK);
    }

    /// One less weak one.
    #[track_caller]
    pub fn remove_weak(&self) {
        self.change(Op::FetchSub, Order::Relaxed, always, WEAK.wrapping_neg());
    }

    /// How many there are, and how many weak ones; that says nothing of what their owners did.
    #[track_caller]
    pub fn count(&self) -> (usize, usize) {
        let word = self.load(Order::Relaxed); // Relaxed: a count says nothing of what owners did
        (strong(word) as usize, (word / WEAK) as usize)
    }

    #[track_caller]
    fn load(&self, ord: Order) -> u64 {
        let access = word(self.word, self, Op::Load, ord, Location::caller());
        ops::load(&Access { fail: ord, ..access })
    }

    /// Adds to the word by a step; outside of an execution, where destructors run, nothing.
    #[track_caller]
    fn change(&self, op: Op, ord: Order, step: Step, by: u64) -> Option<(u64, Outcome)> {
        let access = word(self.word, self, op, ord, Location::caller());
        perform_if_inside(|exec| exec.update(&access, step, by, 0))
    }
}

fn always(old: u64, by: u64, _: u64, variant: u8) -> Option<Outcome> {
    only_if(true, old, by, variant)
}

fn only_if(condition: bool, old: u64, by: u64, variant: u8) -> Option<Outcome> {
    let new = Outcome::Write(old.wrapping_add(by));
    (variant == 0).then_some(if condition { new } else { Outcome::Keep })
}
