//! A value that one operation may see and another one may not yet is there and not there at once.
//!
//! Shape: a node of a skip list is linked level by level, and a flag says when it is linked in full.
//! A lookup finds nothing until the flag is up. A call that loads the value or stores its own was
//! written to load as soon as it finds the node: the caller knows the value, asks for it, and is told
//! that there is none. A pull request fixes it by waiting for the flag. The first version looked and then stored,
//! and two callers got two values. The smallest clients: `GetOrInsert(1) → 1 ∥
//! GetOrInsert(2) → 1; Get → None`, and `GetOrInsert(1) → 1 ∥ GetOrInsert(2) → 2`.
//!
//! Source: bytedance/gopkg pull request 265 (`skipmap`, found by Porcupine, 2026); zhangyunhao116/skipmap
//! issue 1 (lithdew, 2021).
//! Does not show: levels and removal; there is one key, and its value is its node.

use super::rt::hint;
use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicBool, AtomicU8, Ordering::*};

cases! {
    /// Who finds a node waits until it is linked in full: up to three threads and five operations.
    every_client: linearizable() => linearizable::<SkipMap<NONE>>(&clients());
    /// Who finds a node that is half linked loads its value: gopkg pull request 265.
    half_linked: not_linearizable(NotLinearizable) => linearizable::<SkipMap<HALF>>(&clients());
    /// A store after a look: another one was in between, as in skipmap issue 1.
    look_and_store: not_linearizable(NotLinearizable) => linearizable::<SkipMap<LOOK>>(&clients());
    /// The flag publishes nothing: what the caller did that stored is not there for who loads.
    relaxed_flag: not_linearizable(NotPublished).weak() => linearizable::<SkipMap<FLAG>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const HALF: u8 = 1;
const LOOK: u8 = 2;
const FLAG: u8 = 3;

fn clients() -> Clients<Keyed> {
    let role = Role::any([Keyed::GetOrInsert(0, 0), Keyed::Get(0)]);
    Clients::new([role], Size::new(3, 3).up_to(5)).numbered(Keyed::number)
}

/// The value that is linked, 0 if none is, and whether it is linked in full.
struct SkipMap<const FAULT: u8> {
    link: AtomicU8,
    is_full: AtomicBool,
}

impl<const FAULT: u8> SkipMap<FAULT> {
    fn get_or_insert(&self, new: u8) -> u8 {
        let found = match FAULT {
            LOOK => self.get().unwrap_or_else(|| {
                self.link.store(new, Relaxed); // Relaxed: as below; the flaw is the gap before it
                0
            }),
            // Release, Acquire: pair with each other, so that the flaw is no matter of orderings
            HALF => self.link.compare_exchange(0, new, Release, Acquire).err().unwrap_or(0),
            // Relaxed: the flag publishes the node
            _ => self.link.compare_exchange(0, new, Relaxed, Relaxed).err().unwrap_or(0),
        };
        if found == 0 {
            // Release: pairs with both loads of the flag
            self.is_full.store(true, if FAULT == FLAG { Relaxed } else { Release });
            return new;
        }
        // Acquire: pairs with the store of the flag
        while FAULT != HALF && !self.is_full.load(Acquire) {
            hint::spin_loop();
        }
        found
    }

    fn get(&self) -> Option<u8> {
        // Acquire: pairs with the store of the flag
        self.is_full.load(Acquire).then(|| self.link.load(Relaxed)) // Relaxed: the flag was up before
    }
}

impl<const FAULT: u8> Object for SkipMap<FAULT> {
    type Spec = Map;

    fn new() -> Self {
        SkipMap { link: AtomicU8::new(0), is_full: AtomicBool::new(false) }
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        match *operation {
            Keyed::GetOrInsert(_, value) => Some(self.get_or_insert(value)),
            _ => self.get(),
        }
    }
}
