//! A semaphore hands over what its permits stand for only if giving releases and taking acquires.
//!
//! Shape: who finds a permit takes it by one compare-exchange from the number that it has seen, and
//! who gives one back adds one. Nobody
//! has a permit at first, so whoever takes one has that of somebody who gave it, and what came
//! before the giving has to be there.
//!
//! Source: Dijkstra, EWD 123, 1965, sections 3.2 (P and V) and 4 (the general semaphore); ISO C++20 [thread.sema.cnt] p10 (a release
//! happens before the acquire that observes it).
//! Does not show: sleeping, which `sleeping_permits` does.

use super::rt::hint;
use super::rt::linear::specs::{Permit, Permits};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread, of those that cannot wait for good.
    every_client: linearizable().exposed() => linearizable::<Semaphore<NONE>>(&clients());
    /// Who takes a permit has not what came before it was given.
    relaxed_take: not_linearizable(NotPublished).weak()
        => linearizable::<Semaphore<TAKE>>(&clients());
    /// Who gives a permit publishes nothing.
    relaxed_give: not_linearizable(NotPublished).weak()
        => linearizable::<Semaphore<GIVE>>(&clients());
    /// Looking and taking in two steps give one permit to two threads.
    split_take: not_linearizable(NotLinearizable) => linearizable::<Semaphore<SPLIT>>(&clients());
    /// Who gives one writes what it has seen and one more, and a permit that came in between is lost.
    split_give: not_linearizable(Livelock) => linearizable::<Semaphore<LOSE>>(&clients());
    /// Who loses the exchange says that there is no permit, although one is left.
    one_round: not_linearizable(NotLinearizable) => linearizable::<Semaphore<ONCE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const TAKE: u8 = 1;
const GIVE: u8 = 2;
const SPLIT: u8 = 3;
const LOSE: u8 = 4;
const ONCE: u8 = 5;

fn clients() -> Clients<Permit> {
    let operations = [Permit::Acquire, Permit::TryAcquire, Permit::Release];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4))
}

struct Semaphore<const FAULT: u8>(AtomicU8);

impl<const FAULT: u8> Semaphore<FAULT> {
    fn try_take(&self) -> Option<u8> {
        let mut seen = self.0.load(Relaxed); // Relaxed: the exchange acquires
        while seen > 0 {
            if FAULT == SPLIT {
                self.0.fetch_sub(1, Acquire); // Acquire: as below; the flaw is the gap before it
                return Some(1);
            }
            let acquire = if FAULT == TAKE { Relaxed } else { Acquire };
            // Acquire: pairs with the giving. Relaxed: a failure is tried again
            match self.0.compare_exchange(seen, seen - 1, acquire, Relaxed) {
                Err(now) if FAULT != ONCE => seen = now,
                Err(_) => return None,
                Ok(_) => return Some(1),
            }
        }
        None
    }

    fn give(&self) {
        if FAULT == LOSE {
            let seen = self.0.load(Relaxed); // Relaxed: as below
            return self.0.store(seen + 1, Release); // Release: as below; the flaw is the gap before it
        }
        // Release: pairs with the exchange of who takes it, or a later one
        self.0.fetch_add(1, if FAULT == GIVE { Relaxed } else { Release });
    }
}

impl<const FAULT: u8> Object for Semaphore<FAULT> {
    type Spec = Permits<0>;

    fn new() -> Self {
        Semaphore(AtomicU8::new(0))
    }

    fn call(&self, operation: &Permit) -> Option<u8> {
        match operation {
            Permit::TryAcquire => return self.try_take(),
            Permit::Release => self.give(),
            _ => {
                while self.try_take().is_none() {
                    hint::spin_loop();
                }
            }
        }
        None
    }
}
