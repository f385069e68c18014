//! A bound that is counted beside the map refuses more than it must: two that bring one key reserve two places.
//!
//! Shape: a map takes one key. Who does not find its key there reserves a place by raising a count,
//! puts the key in, and gives the place back if there is none or if the key has come meanwhile. Two
//! that bring the same key need one place and reserve two, so one of them is refused, which no order
//! of the two explains. A cache may refuse at any moment, and as such a cache nothing is wrong with
//! it. Under one lock the bound is exact.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3 (atomicity violations).
//! Does not show: which entry has to go; an entry that goes while it is used (`evicted_in_use`).

use std::collections::BTreeSet;

use super::rt::linear::specs::Keyed;
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// The count is the map's own length, under its lock: the bound is exact.
    every_client: linearizable() => linearizable::<Cache<NONE, false>>(&clients());
    /// With a count beside the map, who brings a key that another one is just putting in is refused.
    reserved_first: not_linearizable(NotLinearizable)
        => linearizable::<Cache<RESERVE, false>>(&clients());
    /// That is all: it is a bounded map that may refuse at any moment.
    may_refuse: linearizable().exposed() => linearizable::<Cache<RESERVE, true>>(&clients());
    /// The bound is looked at under one lock and the entry put in under the next: there are too many.
    split_insert: not_linearizable(NotLinearizable)
        => linearizable::<Cache<SPLIT, true>>(&clients());
    /// The number of keys is read off the count, and a place that is only reserved counts as a key.
    stale_len: not_linearizable(NotLinearizable)
        => linearizable::<Cache<COUNT, true>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const RESERVE: u8 = 1;
const SPLIT: u8 = 2;
const COUNT: u8 = 3;

const ROOM: usize = 1;

/// A set of keys, each refused if there is no room, or at any moment.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Bounded<const MAY_REFUSE: bool>(Vec<u8>);

impl<const MAY_REFUSE: bool> Spec for Bounded<MAY_REFUSE> {
    type Operation = Keyed;
    type Result = usize;

    fn apply(&mut self, does: &Keyed) -> Option<usize> {
        let Keyed::Insert(key, _) = *does else { return Some(self.0.len()) };
        let is_there = self.0.contains(&key);
        if !is_there && self.0.len() < ROOM {
            self.0.push(key);
            return Some(1);
        }
        Some(is_there.into())
    }

    fn explains(&mut self, does: &Keyed, result: &usize) -> bool {
        let refuses = matches!(does, Keyed::Insert(..)) && *result == 0;
        MAY_REFUSE && refuses || self.apply(does) == Some(*result)
    }
}

fn clients() -> Clients<Keyed> {
    let operations = [Keyed::Insert(1, 0), Keyed::Insert(2, 0), Keyed::Len];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(3))
}

struct Cache<const FAULT: u8, const MAY_REFUSE: bool> {
    count: AtomicUsize,
    entries: Mutex<BTreeSet<u8>>,
}

impl<const FAULT: u8, const MAY_REFUSE: bool> Cache<FAULT, MAY_REFUSE> {
    fn insert(&self, key: u8) -> bool {
        if FAULT == NONE || FAULT == SPLIT {
            let mut entries = self.entries.lock().unwrap();
            if entries.len() == ROOM && !entries.contains(&key) {
                return false;
            }
            if FAULT == SPLIT {
                drop(entries);
                entries = self.entries.lock().unwrap();
            }
            entries.insert(key);
            return true;
        }
        if self.entries.lock().unwrap().contains(&key) {
            return true;
        }
        // Relaxed: the count is one word, and the lock orders the entries
        let has_room = self.count.fetch_add(1, Relaxed) < ROOM;
        let was_there = has_room && !self.entries.lock().unwrap().insert(key);
        if !has_room || was_there {
            self.count.fetch_sub(1, Relaxed); // Relaxed: as above
        }
        has_room
    }
}

impl<const FAULT: u8, const MAY_REFUSE: bool> Object for Cache<FAULT, MAY_REFUSE> {
    type Spec = Bounded<MAY_REFUSE>;

    fn new() -> Self {
        let entries = Mutex::new(BTreeSet::new());
        Cache { count: AtomicUsize::new(0), entries }
    }

    fn call(&self, does: &Keyed) -> usize {
        match *does {
            Keyed::Insert(key, _) => self.insert(key).into(),
            _ if FAULT == COUNT => self.count.load(Relaxed), // Relaxed: as above
            _ => self.entries.lock().unwrap().len(),
        }
    }
}
