//! A cache before a store is one register only if a write keeps readers out while it changes both.
//!
//! Shape: a reading looks into the cache and, if that is empty, reads the store and fills the cache,
//! unless a write has come in between: a version tells. A write changes the store, empties the cache
//! and raises the version. If it changes the store first and then takes the cache's lock, a reading
//! may find the new value in the store and a later one the old value in the cache, for a late reader
//! has filled it. Changed under the lock, both are one step. The store may be Relaxed: a reading that
//! finds a value before its write is over takes the lock after it, to fill the cache.
//!
//! Source: Nishtala et al., NSDI 2013, section 3.2.1 (stale sets and leases).
//! Does not show: several keys; a store that takes long to write.

use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread.
    every_client: linearizable() => linearizable::<Cache<NONE>>(&clients());
    /// The store is changed before the cache is locked: the new value is read, and then the old one.
    invalidated_after: not_linearizable(NotLinearizable)
        => linearizable::<Cache<AFTER>>(&one_writer());
    /// Nothing tells a reading that its value is old, and it stays in the cache.
    no_version: not_linearizable(NotLinearizable) => linearizable::<Cache<BLIND>>(&clients());
    /// The version is noted after the store was read: it is the new one, and the value the old one.
    noted_late: not_linearizable(NotLinearizable) => linearizable::<Cache<LATE>>(&clients());
    /// A reading that does not fill the cache has the new value, and not what came before it.
    not_filled: not_linearizable(NotPublished).weak() => linearizable::<Cache<BARE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const AFTER: u8 = 1;
const BLIND: u8 = 2;
const LATE: u8 = 3;
const BARE: u8 = 4;

/// One thread writes and two read. Among all clients Shuttle's random runs hardly meet the failure.
fn one_writer() -> Clients<Number> {
    let roles = [Role::one([Number::Write(1)]), Role::any([Number::Read])];
    Clients::new(roles, Size::new(3, 2).up_to(4)).only(|client| client.threads.len() == 3)
}

fn clients() -> Clients<Number> {
    let operations = [Number::Write(0), Number::Read];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4)).numbered(Number::number)
}

#[derive(Default)]
struct Entry {
    value: Option<u8>,
    version: u8,
}

struct Cache<const FAULT: u8> {
    store: AtomicU8,
    entry: Mutex<Entry>,
}

impl<const FAULT: u8> Cache<FAULT> {
    fn read(&self) -> u8 {
        let (value, version) = {
            let entry = self.entry.lock().unwrap();
            (entry.value, entry.version)
        };
        if let Some(value) = value {
            return value;
        }
        // Relaxed: who finds a value before its write is over takes the lock after it, below; without
        // the lock around the write it takes Acquire, as its Release
        let value = self.store.load(if FAULT == AFTER { Acquire } else { Relaxed });
        if FAULT == BARE {
            return value;
        }
        let version = if FAULT == LATE { self.entry.lock().unwrap().version } else { version };
        let mut entry = self.entry.lock().unwrap();
        if entry.version == version || FAULT == BLIND {
            entry.value = Some(value);
        }
        value
    }

    fn write(&self, value: u8) {
        let order = if FAULT == AFTER { Release } else { Relaxed };
        let change = || self.store.store(value, order); // Relaxed: the lock publishes it
        if FAULT == AFTER {
            change();
        }
        let mut entry = self.entry.lock().unwrap();
        if FAULT != AFTER {
            change();
        }
        *entry = Entry { value: None, version: entry.version + 1 };
    }
}

impl<const FAULT: u8> Object for Cache<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Cache { store: AtomicU8::new(0), entry: Mutex::new(Entry::default()) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        match *operation {
            Number::Write(value) => {
                self.write(value);
                None
            }
            _ => Some(self.read()),
        }
    }
}
