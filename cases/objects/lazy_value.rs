//! A value that is made once needs a claim that one thread wins, and a publication that all others acquire.
//!
//! Shape: a state says whether the value is missing, being made, or there. Who wins the exchange from
//! missing makes it, and says that it is there; the others wait until it is. Who only asks looks at
//! the state once. The claim publishes nothing and may be Relaxed. A thread that waits and one that
//! only asks both acquire, on each of their ways.
//!
//! Source: Meyers and Alexandrescu, "C++ and the perils of double-checked locking", 2004; Preshing,
//! Double-checked locking is fixed in C++11, 2013.
//! Does not show: an initialiser that panics; sleeping while the value is made.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::linear::specs::{Keyed, Map};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and four operations: all have the one value of whoever was first.
    every_client: linearizable() => linearizable::<Lazy<NONE>>(&clients());
    /// Who finds the value there does not see it.
    relaxed_look: not_linearizable(DataRace) => linearizable::<Lazy<LOOK>>(&clients());
    /// Who makes the value says that it is there, and does not publish it.
    relaxed_publication: not_linearizable(DataRace) => linearizable::<Lazy<PUBLISH>>(&clients());
    /// Two threads find it missing, and both make it.
    split_claim: not_linearizable(DataRace) => linearizable::<Lazy<SPLIT>>(&clients());
    /// Who loses the claim goes on with a value of its own.
    own_value: not_linearizable(NotLinearizable) => linearizable::<Lazy<OWN>>(&clients());
    /// The state says that the value is there when somebody begins to make it.
    early_state: not_linearizable(DataRace) => linearizable::<Lazy<EARLY>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const LOOK: u8 = 1;
const PUBLISH: u8 = 2;
const SPLIT: u8 = 3;
const OWN: u8 = 4;
const EARLY: u8 = 5;

/// What the state says of the value.
const MISSING: u8 = 0;
const MADE: u8 = 1;
const THERE: u8 = 2;

fn clients() -> Clients<Keyed> {
    let operations = [Keyed::GetOrInsert(0, 0), Keyed::Get(0)];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4)).numbered(Keyed::number)
}

struct Lazy<const FAULT: u8> {
    state: AtomicU8,
    value: UnsafeCell<u8>,
}

impl<const FAULT: u8> Lazy<FAULT> {
    fn get(&self) -> Option<u8> {
        // Acquire: pairs with the store in `make`
        let is_there = self.state.load(if FAULT == LOOK { Relaxed } else { Acquire }) == THERE;
        // SAFETY: it was written before the state said so, and is not written again; where a side is
        // Relaxed, or two threads make it, this races with the writing.
        is_there.then(|| self.value.with(|value| unsafe { *value }))
    }

    fn claim(&self) -> bool {
        let to = if FAULT == EARLY { THERE } else { MADE };
        if FAULT == SPLIT {
            let is_free = self.state.load(Relaxed) == MISSING; // Relaxed: as below
            if is_free {
                self.state.store(to, Relaxed); // Relaxed: the flaw is the gap before it
            }
            return is_free;
        }
        // Relaxed: nothing is handed over by the claim, and a failure waits for the store in `make`
        self.state.compare_exchange(MISSING, to, Relaxed, Relaxed).is_ok()
    }

    fn make(&self, value: u8) {
        // SAFETY: one thread wins the claim, and nobody reads before the state says so; where two
        // win it, or a side is Relaxed, this races.
        self.value.with_mut(|place| unsafe { *place = value });
        // Release: pairs with the load in `get`
        self.state.store(THERE, if FAULT == PUBLISH { Relaxed } else { Release });
    }
}

impl<const FAULT: u8> Object for Lazy<FAULT> {
    type Spec = Map;

    fn new() -> Self {
        Lazy { state: AtomicU8::new(MISSING), value: UnsafeCell::new(0) }
    }

    fn call(&self, operation: &Keyed) -> Option<u8> {
        let Keyed::GetOrInsert(_, own) = *operation else { return self.get() };
        if self.claim() {
            self.make(own);
            return Some(own);
        }
        loop {
            match self.get() {
                None if FAULT == OWN => return Some(own),
                None => hint::spin_loop(),
                there => return there,
            }
        }
    }
}
