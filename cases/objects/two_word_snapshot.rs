//! Reading two words until they are twice the same is a snapshot only if additions and readings are SeqCst.
//!
//! Shape: two counts only grow. A snapshot reads both, and again, until it has found the same
//! numbers twice. In some moment between the two rounds both counts were what it has found. Under
//! weak memory there is no such moment: each of two threads that add to one count and then take a
//! snapshot may miss the other's addition, which is store buffering. Acquire and Release forbid
//! nothing there, and then no order of the snapshots explains both.
//!
//! Source: Afek, Attiya, Dolev, Gafni, Merritt and Shavit, JACM 40(4), 1993 (two equal rounds).
//! Does not show: numbers that come again, which need a version; a snapshot that never ends because
//! of additions, which the same work helps with.

use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and four operations.
    every_client: linearizable() => linearizable::<Counts<NONE>>(&clients());
    /// One round reads the second count after both were added to, and the first before.
    read_once: not_linearizable(NotLinearizable) => linearizable::<Counts<ONCE>>(&clients());
    /// A round that differs from the first is believed.
    stale_round: not_linearizable(NotLinearizable) => linearizable::<Counts<STALE>>(&clients());
    /// The additions release and the readings are SeqCst: each thread misses the other's addition.
    release_add: not_linearizable(NotLinearizable).weak().beyond_letter() => linearizable::<Counts<ADD>>(&clients());
    /// The additions are SeqCst and the readings acquire: the same.
    acquire_read: not_linearizable(NotLinearizable).weak()
        => linearizable::<Counts<READ>>(&clients());
    /// An addition in two steps loses another.
    split_add: not_linearizable(NotLinearizable) => linearizable::<Counts<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const ONCE: u8 = 1;
const STALE: u8 = 2;
const ADD: u8 = 3;
const READ: u8 = 4;
const SPLIT: u8 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Count {
    /// Adds one to this count.
    Add(usize),
    /// Returns both.
    Both,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Pair([u8; 2]);

impl Spec for Pair {
    type Operation = Count;
    type Result = Option<[u8; 2]>;

    fn apply(&mut self, operation: &Count) -> Option<Option<[u8; 2]>> {
        let Count::Add(word) = *operation else { return Some(Some(self.0)) };
        self.0[word] += 1;
        Some(None)
    }
}

fn clients() -> Clients<Count> {
    let operations = [Count::Add(0), Count::Add(1), Count::Both];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4))
}

struct Counts<const FAULT: u8>([AtomicU8; 2]);

impl<const FAULT: u8> Counts<FAULT> {
    fn round(&self) -> [u8; 2] {
        // SeqCst: pairs with the additions: of an addition and a reading one sees the other
        [0, 1].map(|word| self.0[word].load(if FAULT == READ { Acquire } else { SeqCst }))
    }
}

impl<const FAULT: u8> Object for Counts<FAULT> {
    type Spec = Pair;

    fn new() -> Self {
        Counts([0; 2].map(AtomicU8::new))
    }

    fn call(&self, operation: &Count) -> Option<[u8; 2]> {
        let Count::Add(word) = *operation else {
            let mut first = self.round();
            loop {
                let second = if FAULT == ONCE { first } else { self.round() };
                if second == first || FAULT == STALE {
                    return Some(second);
                }
                first = second;
            }
        };
        if FAULT == SPLIT {
            let old = self.0[word].load(SeqCst); // SeqCst: as below
            self.0[word].store(old + 1, SeqCst); // casebook: allow(load-then-store) SeqCst or not, the flaw is the gap before it
        } else {
            // SeqCst: pairs with the readings of a snapshot that comes after it in the same thread
            self.0[word].fetch_add(1, if FAULT == ADD { AcqRel } else { SeqCst });
        }
        None
    }
}
