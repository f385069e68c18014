//! Peterson's lock makes a plain counter linearizable for two sides with two SeqCst fences and no SeqCst access.
//!
//! Shape: each side raises its flag, gives way to the other, and waits while the other's flag is up
//! and the other has the turn. It enters, adds one to a plain counter, and lowers its flag. The
//! second fence orders the two stores before the loads, as in store buffering. The first orders the
//! flag before the turn: who sees that the other gave way sees its flag as well.
//!
//! Source: Peterson, Information Processing Letters 12(3), 1981; ISO C++20 [atomics.order] p4.
//! Does not show: more than two threads; a swap of the turn in the place of the fences, which
//! `peterson` has.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*, fence};

cases! {
    /// Each side adds up to two times, and every addition finds those before it.
    every_client: linearizable() => linearizable::<Counter<NONE>>(&clients());
    /// The loads overtake the stores, and each side misses the other's flag.
    second_fence: not_linearizable(DataRace).weak() => linearizable::<Counter<SECOND>>(&clients());
    /// The turn is seen before the flag that was raised first.
    first_fence: not_linearizable(DataRace).weak() => linearizable::<Counter<FIRST>>(&clients());
    /// The side that comes in does not see what the other wrote.
    relaxed_wait: not_linearizable(DataRace) => linearizable::<Counter<WAIT>>(&clients());
    /// The side that leaves does not publish what it wrote.
    relaxed_unlock: not_linearizable(DataRace) => linearizable::<Counter<LEAVE>>(&clients());
    /// A side looks before it raises its flag, and both find nobody.
    late_flag: not_linearizable(DataRace) => linearizable::<Counter<LATE>>(&clients());
    /// Both keep the turn for themselves and enter together.
    own_turn: not_linearizable(DataRace) => linearizable::<Counter<OWN>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const SECOND: u8 = 1;
const FIRST: u8 = 2;
const WAIT: u8 = 3;
const LEAVE: u8 = 4;
const LATE: u8 = 5;
const OWN: u8 = 6;

/// Adds one from a side, and returns what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Add {
    Left,
    Right,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Total(u8);

impl Spec for Total {
    type Operation = Add;
    type Result = u8;

    fn apply(&mut self, _: &Add) -> Option<u8> {
        self.0 += 1;
        Some(self.0 - 1)
    }
}

fn clients() -> Clients<Add> {
    Clients::new([Role::one([Add::Left]), Role::one([Add::Right])], Size::new(2, 2))
}

struct Counter<const FAULT: u8> {
    flags: [AtomicBool; 2],
    turn: AtomicUsize,
    count: UnsafeCell<u8>,
}

impl<const FAULT: u8> Counter<FAULT> {
    fn lock(&self, me: usize) {
        let other = 1 - me;
        let raise = || self.flags[me].store(true, Relaxed); // Relaxed: ordered by the fences
        if FAULT != LATE {
            raise();
        }
        fence(if FAULT == FIRST { AcqRel } else { SeqCst }); // SeqCst: the flag before the turn
        self.turn.store(if FAULT == OWN { me } else { other }, Relaxed); // Relaxed: as the flag
        fence(if FAULT == SECOND { AcqRel } else { SeqCst }); // SeqCst: both stores before the loads
        let wait = if FAULT == WAIT { Relaxed } else { Acquire };
        // Acquire: the flag pairs with the other's unlock, the turn with its coming again
        while self.flags[other].load(wait) && self.turn.load(wait) == other {
            hint::spin_loop();
        }
        if FAULT == LATE {
            raise();
        }
    }
}

impl<const FAULT: u8> Object for Counter<FAULT> {
    type Spec = Total;

    fn new() -> Self {
        let (flags, turn) = ([false; 2].map(AtomicBool::new), AtomicUsize::new(0));
        Counter { flags, turn, count: UnsafeCell::new(0) }
    }

    fn call(&self, side: &Add) -> u8 {
        self.lock(*side as usize);
        // SAFETY: who gives way second sees the other's flag and waits until it is down; where it
        // misses the flag, both are in.
        let old =
            self.count.with_mut(|count| unsafe { std::mem::replace(&mut *count, *count + 1) });
        // Release: pairs with the other's load; who sees the flag down sees the addition
        self.flags[*side as usize].store(false, if FAULT == LEAVE { Relaxed } else { Release });
        old
    }
}
