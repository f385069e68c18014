//! A store that checks that a node is alive, and then writes to it, writes to a dead one.
//!
//! Shape: a map whose removal marks the node under its lock and then unlinks it. A store that finds
//! a node without a mark was written to change the value in place and return. Between the check and
//! the write the node is marked and unlinked, and nobody finds the value that was stored. A pull
//! request fixes it by a store that holds the node's lock from the check to the write. The smallest client:
//! `Insert(1); Insert(2); Remove → None ∥ Remove → 1`; the second store wrote to the node that was removed.
//!
//! Source: bytedance/gopkg issue 264 and pull request 265 (`skipmap`, found by Porcupine, 2026).
//! Does not show: the levels of the skip list, and lookups that take no lock; there is one key, and the list is a link to its node.

use super::rt::hint;
use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*};

cases! {
    /// A store holds the node's lock from the check to the write: up to three threads and four operations.
    every_client: linearizable().exposed() => linearizable::<SkipMap<NONE>>(&clients());
    /// A store checks the mark and writes: the node may be dead by then, as in gopkg issue 264.
    checked_before: not_linearizable(NotLinearizable) => linearizable::<SkipMap<CHECK>>(&clients());
    /// A new node is linked and not published: what its caller did is not there for who finds it.
    relaxed_link: not_linearizable(NotPublished).weak() => linearizable::<SkipMap<LINK>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const CHECK: u8 = 1;
const LINK: u8 = 2;

fn clients() -> Clients<Keyed> {
    let role = Role::any([Keyed::Insert(0, 0), Keyed::Remove(0), Keyed::Get(0)]);
    Clients::new([role], Size::new(3, 3).up_to(4)).numbered(Keyed::number)
}

/// A map whose insertion does not say what it replaced.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Silent(Map);

impl Spec for Silent {
    type Operation = Keyed;
    type Result = Option<u8>;

    fn apply(&mut self, operation: &Keyed) -> Option<Option<u8>> {
        let result = self.0.apply(operation);
        result.map(|value| value.filter(|_| !matches!(operation, Keyed::Insert(..))))
    }

    fn hands_over(first: &Keyed, second: &Keyed, result: &Option<u8>) -> bool {
        Map::hands_over(first, second, result)
    }
}

/// The link to the key's node, 0 if there is none. Nodes have the numbers of their first values.
struct SkipMap<const FAULT: u8> {
    link: AtomicUsize,
    value: [AtomicU8; 5],
    marked: [Mutex<bool>; 5],
}

impl<const FAULT: u8> SkipMap<FAULT> {
    fn insert(&self, new: u8) {
        let release = if FAULT == LINK { Relaxed } else { Release };
        loop {
            let node = self.link.load(Relaxed); // Relaxed: the node's lock orders what follows
            if node == 0 {
                self.value[new as usize].store(new, Relaxed); // Relaxed: nobody knows the node yet
                // Release: pairs with the loads of the link
                if self.link.compare_exchange(0, new.into(), release, Relaxed).is_ok() {
                    return;
                }
                continue;
            }
            let marked = self.marked[node].lock().unwrap();
            let is_alive = !*marked;
            let _locked = (FAULT != CHECK).then_some(marked); // the flaw: else it is unlocked here
            if is_alive {
                return self.value[node].store(new, Relaxed); // Relaxed: the lock publishes it
            }
            hint::spin_loop();
        }
    }

    fn read(&self, removes: bool) -> Option<u8> {
        let node = self.link.load(Acquire); // Acquire: pairs with the link's Release
        let mut marked = self.marked.get(node).filter(|_| node != 0)?.lock().unwrap();
        let value = self.value[node].load(Relaxed); // Relaxed: ordered by the lock or the link
        if *marked {
            return None;
        }
        if removes {
            *marked = true;
            self.link.store(0, Relaxed); // Relaxed: nothing is read because of it
        }
        Some(value)
    }
}

impl<const FAULT: u8> Object for SkipMap<FAULT> {
    type Spec = Silent;

    fn new() -> Self {
        let (value, marked) = ([0; 5].map(AtomicU8::new), [false; 5].map(Mutex::new));
        SkipMap { link: AtomicUsize::new(0), value, marked }
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        match *operation {
            Keyed::Insert(_, value) => self.insert(value),
            _ => return self.read(matches!(operation, Keyed::Remove(_))),
        }
        None
    }
}
