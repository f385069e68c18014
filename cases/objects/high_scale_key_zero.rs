//! Two calls that insert if nothing is there have both inserted: an exchange whose outcome nobody looks at tells its caller nothing.
//!
//! Shape: a hash table marks free places by the key 0, so it keeps the value of the real key 0 in a
//! field of its own. An insertion if absent reads the field, tries one exchange, and returns what it
//! had read, whether the exchange succeeded or not. The program of the report was built on the promise
//! that only one of many callers inserts. The smallest client has two operations, on an empty field:
//! `GetOrInsert(0, 1) → 1 ∥ GetOrInsert(0, 2) → 2`. Here it is repaired by trying again.
//! A removal had the same fault, which its smallest client shows with three operations.
//!
//! Source: stephenc/high-scale-lib issue 5 (NonBlockingHashMapLong, `putIfAbsent` of key 0; vyazelenko, 2014).
//! Does not show: the table of the other keys, which `jctools_put` is about.

use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Who loses an exchange looks again: up to three threads and four operations.
    every_client: linearizable().exposed() => linearizable::<Field<NONE>>(&clients());
    /// One attempt to insert: the caller is told that it has inserted, when another one has, as in high-scale-lib issue 5.
    one_insertion: not_linearizable(NotLinearizable) => linearizable::<Field<INSERT>>(&clients());
    /// One attempt to remove: the caller has a value that another one has, too.
    one_removal: not_linearizable(NotLinearizable) => linearizable::<Field<REMOVE>>(&clients());
    /// An insertion that finds a value does not have what the other caller did before.
    relaxed_look: not_linearizable(NotPublished).weak() => linearizable::<Field<LOOK>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const INSERT: u8 = 1;
const REMOVE: u8 = 2;
const LOOK: u8 = 3;

fn clients() -> Clients<Keyed> {
    let role = Role::any([Keyed::GetOrInsert(0, 0), Keyed::Remove(0)]);
    Clients::new([role], Size::new(3, 2).up_to(4)).numbered(Keyed::number)
}

/// The value of key 0; 0 if there is none.
struct Field<const FAULT: u8>(AtomicU8);

impl<const FAULT: u8> Field<FAULT> {
    /// Exchanges what is there for another value if `may` says so; returns what was there.
    fn update(&self, new: u8, may: fn(u8) -> bool, once: bool) -> u8 {
        // Acquire: pairs with the Release below: who finds a value has what its owner did before
        let acquire = if FAULT == LOOK { Relaxed } else { Acquire };
        let mut old = self.0.load(acquire); // Acquire: as said
        while may(old) {
            // Release: pairs with both Acquires. Acquire: as above, after a failure
            match self.0.compare_exchange(old, new, Release, acquire) {
                Err(now) if !once => old = now,
                _ => break,
            }
        }
        old
    }
}

impl<const FAULT: u8> Object for Field<FAULT> {
    type Spec = Map;

    fn new() -> Self {
        Field(AtomicU8::new(0))
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        let some = |value: u8| (value != 0).then_some(value);
        match *operation {
            Keyed::GetOrInsert(_, value) => {
                some(self.update(value, |old| old == 0, FAULT == INSERT)).or(Some(value))
            }
            _ => some(self.update(0, |old| old != 0, FAULT == REMOVE)),
        }
    }
}
