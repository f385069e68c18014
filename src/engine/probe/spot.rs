//! Where in the program a step is found whose own place is elsewhere: in a destructor, or in what the standard library calls.

use std::panic::Location;

use casebook_core::verdict::{Relation, Site, is_own};

use super::Event;

/// A place, and how a step is found from there.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    at: &'static Location<'static>,
    relation: Relation,
}

impl From<&'static Location<'static>> for Spot {
    fn from(at: &'static Location<'static>) -> Self {
        Spot { at, relation: Relation::At }
    }
}

impl From<Spot> for Site {
    fn from(spot: Spot) -> Self {
        Site::from(spot.at).related(spot.relation)
    }
}

impl Spot {
    /// Where a guard was taken that is dropped now.
    pub fn of_guard(taken: &'static Location<'static>) -> Spot {
        Spot { at: taken, relation: Relation::Guard }
    }

    fn is_own(self) -> bool {
        is_own(self.at.file())
    }

    /// The same in the program: if it is elsewhere, behind what its thread did last before, or behind the start of the thread, or before what
    /// comes next.
    pub(super) fn in_program(self, thread: usize, before: &[Event], next: &[Event]) -> Spot {
        if self.is_own() {
            return self;
        }
        let own = |event: &&Event| event.spot.is_own();
        let last = before.iter().rev().filter(|event| event.thread == thread).find(own);
        let spawns = || before.iter().filter(|event| event.operation == "spawn").filter(own);
        let start = || thread.checked_sub(1).and_then(|nth| spawns().nth(nth));
        let next = || next.iter().find(own).map(|event| (event, Relation::Before));
        let found = last.or_else(start).map(|event| (event, Relation::After)).or_else(next);
        found.map_or(self, |(event, relation)| Spot { at: event.spot.at, relation })
    }
}
