//! A list whose readers take no lock needs SeqCst: changes under different locks are in no order that all readers agree on.
//!
//! Shape: the lazy list. An insert or a remove finds two neighbours without a lock, locks both, and
//! looks whether they are still neighbours in the list. A remove marks its node and then takes it
//! out. A get follows the links and takes no lock. With Release and Acquire one thread takes out the
//! first key and does not find the last, while another puts in the last and still finds the first:
//! each change is under two locks of its own, so that is store buffering.
//!
//! Source: Heller et al., "A lazy concurrent list-based set algorithm", OPODIS 2005.
//! Does not show: reclamation; longer lists.

use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};

const IN: [Keyed; 3] = [Keyed::GetOrInsert(1, 0), Keyed::GetOrInsert(4, 0), Keyed::Get(1)];
const OUT: [Keyed; 2] = [Keyed::Remove(1), Keyed::Get(4)];

cases! {
    /// One thread puts in at both ends, and another takes out at the first; each looks at the other.
    every_client: linearizable()
        .slack("List::change: self.next[before].store #1", "Relaxed", "nothing new is behind the node")
        => linearizable::<List<NONE>>(&clients(OUT));
    /// Each of two threads misses the other's change.
    release_acquire: not_linearizable(NotLinearizable).weak()
        => linearizable::<List<WEAK>>(&clients(OUT));
    /// A get has a node, and not what came before its insert.
    relaxed_link: not_linearizable(NotPublished).weak() => linearizable::<List<LINK>>(&clients(OUT));
    /// Two inserts find the same neighbours, and one link overwrites the other.
    no_second_look: not_linearizable(NotLinearizable) => linearizable::<List<BLIND>>(&clients(IN));
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const WEAK: u8 = 1;
const LINK: u8 = 2;
const BLIND: u8 = 3;

/// One thread puts in, and the other one does this.
fn clients(other: impl Into<Vec<Keyed>>) -> Clients<Keyed> {
    let roles = [Role::one(IN), Role::one(other)];
    Clients::new(roles, Size::new(2, 3).up_to(5)).numbered(Keyed::number)
}

/// A node's number is six times its key, and its value. The keys 2 and 3 are in the list, and no
/// client asks for them; 0 is before all, and 30 is behind all.
struct List<const FAULT: u8> {
    next: Vec<AtomicUsize>,
    is_removed: Vec<AtomicBool>,
    locks: Vec<Mutex<()>>,
}

impl<const FAULT: u8> List<FAULT> {
    const READ: Ordering = if FAULT == WEAK { Acquire } else { SeqCst };
    const WRITE: Ordering = if FAULT == WEAK { Release } else { SeqCst };

    /// The first node with at least this key, and the one before.
    fn find(&self, key: u8) -> (usize, usize) {
        let mut before = 0;
        loop {
            // SeqCst: pairs with the link of an insert; its Acquire has the node's own link
            let node = self.next[before].load(Self::READ);
            if node / 6 >= key.into() {
                return (before, node);
            }
            before = node;
        }
    }

    /// What has this key. If `new` is none, that is removed; else `new` is put in, if nothing has it.
    fn change(&self, key: u8, new: Option<u8>) -> Option<usize> {
        loop {
            let (before, node) = self.find(key);
            let _locks = [before, node].map(|node| self.locks[node].lock().unwrap());
            // Relaxed: who changes a node has its lock
            let is_removed = [before, node].map(|node| self.is_removed[node].load(Relaxed));
            let is_linked = self.next[before].load(Relaxed) == node; // Relaxed: as above
            if FAULT != BLIND && (is_removed != [false; 2] || !is_linked) {
                continue;
            }
            let is_there = node / 6 == usize::from(key);
            if new.is_none() && is_there {
                self.is_removed[node].store(true, Self::WRITE); // SeqCst: pairs with `get`
                let next = self.next[node].load(Relaxed); // Relaxed: as above
                self.next[before].store(next, Release); // Release: it publishes what is behind
            }
            let Some(value) = new.filter(|_| !is_there) else { return is_there.then_some(node) };
            let new = usize::from(6 * key + value);
            self.next[new].store(node, Relaxed); // Relaxed: the link below publishes it
            let order = if FAULT == LINK { Relaxed } else { Self::WRITE };
            self.next[before].store(new, order); // SeqCst: pairs with `find`, and publishes the node
            return Some(new);
        }
    }
}

impl<const FAULT: u8> Object for List<FAULT> {
    type Spec = Map;

    fn new() -> Self {
        let next = |node: usize| AtomicUsize::new([12, 30, 18, 30, 30, 30][node / 6]);
        let is_removed = (0..31).map(|_| AtomicBool::new(false)).collect();
        let locks = (0..31).map(|_| Mutex::new(())).collect();
        List { next: (0..31).map(next).collect(), is_removed, locks }
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        let found = match *operation {
            Keyed::GetOrInsert(key, value) => self.change(key, Some(value)),
            Keyed::Remove(key) => self.change(key, None),
            Keyed::Get(key) => Some(self.find(key).1).filter(|&node| {
                // SeqCst: pairs with the mark
                node / 6 == usize::from(key) && !self.is_removed[node].load(Self::READ)
            }),
            _ => None,
        };
        found.map(|node| (node % 6) as u8)
    }
}
