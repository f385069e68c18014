//! To upgrade a weak reference is an exchange from a count that is not zero; to add first and look later brings the dead back.
//!
//! Shape: an owner has the value, and two threads have weak references to it. To upgrade, a thread
//! adds one to the count unless that is zero; to drop, it subtracts one, and who finds it was the
//! only one says that it was the last. One who adds first and takes it back if the count was zero
//! makes the count one for a moment, and in that moment another upgrade finds it alive.
//!
//! Source: Rust std, `Weak::upgrade`; RUSTSEC-2020-0017 (a value found again at count zero).
//! Does not show: the orderings with which the last one may take the value down (`counted_handle`).

use super::rt::cell::UnsafeCell;
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// An owner that drops and two threads that upgrade and drop, up to four operations.
    every_client: linearizable().exposed() => linearizable::<Weak<NONE>>(&clients());
    /// Two upgrades of a dead value meet, and one finds it alive.
    added_first: not_linearizable(NotLinearizable) => linearizable::<Weak<FIRST>>(&clients());
    /// The count is looked at and then raised, and the value dies in between.
    split_upgrade: not_linearizable(NotLinearizable) => linearizable::<Weak<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const FIRST: u8 = 1;
const SPLIT: u8 = 2;

/// What a thread does, by its number; thread 0 is an owner at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Does {
    /// Becomes an owner, if there is any, and says whether it has.
    Upgrade(usize),
    /// Gives up what it owns, if it does, and says whether it was the last owner.
    Drop(usize),
}

/// How often each thread owns the value, and 1 less for thread 0.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Owners([i8; 3]);

impl Spec for Owners {
    type Operation = Does;
    type Result = bool;

    fn apply(&mut self, does: &Does) -> Option<bool> {
        let owners = self.0.iter().sum::<i8>() + 1;
        Some(match *does {
            Does::Upgrade(thread) => {
                self.0[thread] += i8::from(owners > 0);
                owners > 0
            }
            Does::Drop(thread) => {
                let owns = self.0[thread] + i8::from(thread == 0) > 0;
                self.0[thread] -= i8::from(owns);
                owns && owners == 1
            }
        })
    }
}

fn clients() -> Clients<Does> {
    let thread = |n| Role::one([Does::Upgrade(n), Does::Drop(n)]);
    let roles = [Role::one([Does::Drop(0)]), thread(1), thread(2)];
    Clients::new(roles, Size::new(3, 2).up_to(4))
}

struct Weak<const FAULT: u8> {
    count: AtomicU8,
    /// How often each thread owns the value.
    owns: [UnsafeCell<u8>; 3],
}

impl<const FAULT: u8> Weak<FAULT> {
    fn upgrade(&self) -> bool {
        if FAULT == FIRST {
            let is_alive = self.count.fetch_add(1, Relaxed) != 0; // Relaxed: the flaw is that it adds
            if !is_alive {
                self.count.fetch_sub(1, Relaxed); // Relaxed: the flaw is that it comes too late
            }
            return is_alive;
        }
        let mut count = self.count.load(Relaxed); // Relaxed: one word, which coherence orders
        while count != 0 {
            if FAULT == SPLIT {
                self.count.store(count + 1, Relaxed); // Relaxed: the flaw is the gap before it
                return true;
            }
            // Relaxed: as above, also for a failure, which is looked at again
            match self.count.compare_exchange(count, count + 1, Relaxed, Relaxed) {
                Ok(_) => return true,
                Err(now) => count = now,
            }
        }
        false
    }
}

impl<const FAULT: u8> Object for Weak<FAULT> {
    type Spec = Owners;

    fn new() -> Self {
        Weak { count: AtomicU8::new(1), owns: [1, 0, 0].map(UnsafeCell::new) }
    }

    fn call(&self, does: &Does) -> bool {
        let (Does::Upgrade(thread) | Does::Drop(thread)) = *does;
        self.owns[thread].with_mut(|owns| {
            // SAFETY: a thread looks at its own number only.
            let owns = unsafe { &mut *owns };
            if let Does::Upgrade(_) = does {
                let is_alive = self.upgrade();
                *owns += u8::from(is_alive);
                return is_alive;
            }
            let owned = std::mem::replace(owns, owns.saturating_sub(1));
            owned > 0 && self.count.fetch_sub(1, Relaxed) == 1 // Relaxed: as above
        })
    }
}
