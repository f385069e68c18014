//! A cache that computes outside of its lock has to keep the first value, or two callers have two values of one key.
//!
//! Shape: who asks for a key looks under the lock, and computes the value without it if there is
//! none. Two threads may compute at once. The second one to come back finds an entry, and has to take
//! that and drop its own. If it overwrites the entry, or goes on with its own, the first has a value
//! that nobody else ever gets.
//!
//! Source: Rust std, `HashMap::entry`; CWE-367 (check, then use); Lu, Park, Seo and Zhou, ASPLOS
//! 2008, section 3 (atomicity violations).
//! Does not show: a computation that runs only once, which `single_flight` does.

use std::collections::BTreeMap;

use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::Mutex;

cases! {
    /// Up to three threads and four operations on one key.
    every_client: linearizable() => linearizable::<Cache<NONE>>(&clients());
    /// Who comes back late overwrites the entry, and whoever asks next gets another value.
    late_one_overwrites: not_linearizable(NotLinearizable)
        => linearizable::<Cache<OVERWRITE>>(&clients());
    /// Who comes back late keeps the entry and goes on with its own value.
    own_value: not_linearizable(NotLinearizable) => linearizable::<Cache<OWN>>(&clients());
    /// Who puts back what it has found undoes a removal that came in between.
    stale_entry: not_linearizable(NotLinearizable) => linearizable::<Cache<STALE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const OVERWRITE: u8 = 1;
const OWN: u8 = 2;
const STALE: u8 = 3;

fn clients() -> Clients<Keyed> {
    let operations = [Keyed::GetOrInsert(0, 0), Keyed::Get(0), Keyed::Remove(0)];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4)).numbered(Keyed::number)
}

struct Cache<const FAULT: u8>(Mutex<BTreeMap<u8, u8>>);

impl<const FAULT: u8> Cache<FAULT> {
    fn get(&self, key: u8) -> Option<u8> {
        self.0.lock().unwrap().get(&key).copied()
    }

    fn get_or_insert(&self, key: u8, value: u8) -> u8 {
        if let Some(there) = self.get(key) {
            if FAULT == STALE {
                self.0.lock().unwrap().insert(key, there);
            }
            return there;
        }
        // Here the value is computed, without the lock.
        let mut entries = self.0.lock().unwrap();
        if FAULT == OVERWRITE {
            entries.insert(key, value);
            return value;
        }
        let there = *entries.entry(key).or_insert(value);
        if FAULT == OWN { value } else { there }
    }
}

impl<const FAULT: u8> Object for Cache<FAULT> {
    type Spec = Map;

    fn new() -> Self {
        Cache(Mutex::new(BTreeMap::new()))
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        match *operation {
            Keyed::GetOrInsert(key, value) => Some(self.get_or_insert(key, value)),
            Keyed::Remove(key) => self.0.lock().unwrap().remove(&key),
            Keyed::Get(key) => self.get(key),
            _ => unreachable!("no client calls it"),
        }
    }
}
