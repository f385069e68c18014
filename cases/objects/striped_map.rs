//! A map of shards counts its keys rightly if it holds every shard's lock while it counts; shard by shard it does not.
//!
//! Shape: each key belongs to one of two shards, and each shard has a lock of its own. Whatever
//! concerns one key is done under one lock. The length concerns both: who locks a shard, counts it,
//! unlocks it, and goes on to the next adds up numbers of two moments. One key may come into the
//! first shard when that has been counted, and one may leave the second before it is, so that the
//! sum is a length that the map never had.
//!
//! Source: Goetz et al., *Java Concurrency in Practice*, 2006 (lock striping).
//! Does not show: two that lock the shards in different orders (`crossed_shards`).

use std::collections::BTreeMap;

use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::Mutex;

cases! {
    /// Two threads with up to three operations, four in all; both locks are held for the length.
    every_client: linearizable()
        => linearizable::<Striped<NONE>>(&clients([Role::any([EVEN, ODD, REMOVE, Keyed::Len])]));
    /// A length that the map never had.
    shard_by_shard: not_linearizable(NotLinearizable) => linearizable::<Striped<LEN>>(
        &sized([Role::one([ODD, Keyed::Len]), Role::one([EVEN, REMOVE])], Size::new(2, 2)),
    );
    /// What concerns one key is right nevertheless.
    without_length: linearizable()
        => linearizable::<Striped<LEN>>(&clients([Role::any([EVEN, ODD, REMOVE])]));
    /// Who puts in only what is missing looks under one hold of the lock and puts in under another.
    split_insert: not_linearizable(NotLinearizable)
        => linearizable::<Striped<SPLIT>>(&clients([Role::any([EVEN, ODD, REMOVE])]));
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LEN: u8 = 1;
const SPLIT: u8 = 2;

const EVEN: Keyed = Keyed::GetOrInsert(0, 0);
const ODD: Keyed = Keyed::GetOrInsert(1, 0);
const REMOVE: Keyed = Keyed::Remove(1);

fn clients(roles: impl Into<Vec<Role<Keyed>>>) -> Clients<Keyed> {
    sized(roles, Size::new(2, 3).up_to(4))
}

fn sized(roles: impl Into<Vec<Role<Keyed>>>, size: Size) -> Clients<Keyed> {
    Clients::new(roles, size).numbered(Keyed::number)
}

/// Even keys are in one shard, odd ones in the other.
struct Striped<const FAULT: u8>([Mutex<BTreeMap<u8, u8>>; 2]);

impl<const FAULT: u8> Striped<FAULT> {
    fn len(&self) -> usize {
        let [even, odd] = &self.0;
        if FAULT == LEN {
            let even = even.lock().unwrap().len();
            return even + odd.lock().unwrap().len();
        }
        // The locks are always taken in this order.
        let (even, odd) = (even.lock().unwrap(), odd.lock().unwrap());
        even.len() + odd.len()
    }

    fn get_or_insert(&self, key: u8, value: u8) -> u8 {
        let shard = &self.0[usize::from(key % 2)];
        let mut values = shard.lock().unwrap();
        if FAULT == SPLIT && !values.contains_key(&key) {
            drop(values);
            shard.lock().unwrap().insert(key, value);
            return value;
        }
        *values.entry(key).or_insert(value)
    }
}

impl<const FAULT: u8> Object for Striped<FAULT> {
    type Spec = Map;

    fn new() -> Self {
        Striped([BTreeMap::new(), BTreeMap::new()].map(Mutex::new))
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        match *operation {
            Keyed::GetOrInsert(key, value) => Some(self.get_or_insert(key, value)),
            Keyed::Remove(key) => self.0[usize::from(key % 2)].lock().unwrap().remove(&key),
            Keyed::Len => Some(self.len() as u8),
            _ => unreachable!("no client calls it"),
        }
    }
}
