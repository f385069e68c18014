//! A semaphore that sleeps has to wake one for every permit, and not only when the first permit comes.
//!
//! Shape: the number of permits is behind a lock. Who finds none sleeps at a condition variable and
//! looks again when it wakes. Who gives one back adds it and wakes one. If it wakes only when there
//! was none, two permits may come before the first sleeper has looked: the second one wakes nobody,
//! and a thread sleeps beside a permit.
//!
//! Source: Dijkstra, EWD 123, 1965, sections 3.2 (P and V) and 4 (the general semaphore); Lampson and
//! Redell, CACM 23(2), 1980, section 4 (a notification is a hint).
//! Does not show: fairness; a thread that comes late may take the permit of one that was woken.

use super::rt::linear::specs::{Permit, Permits};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::{Condvar, Mutex, MutexGuard};

cases! {
    /// Up to three threads and four operations of those that cannot wait for good.
    every_client: linearizable() => linearizable::<Semaphore<NONE>>(&clients());
    /// Two permits come while two threads sleep, and one of them is not woken.
    first_permit_wakes: not_linearizable(LostWakeup) => linearizable::<Semaphore<FIRST>>(&clients());
    /// Nobody is woken, and who sleeps already does so for ever.
    nobody_wakes: not_linearizable(Deadlock) => linearizable::<Semaphore<NEVER>>(&clients());
    /// Who wakes without a cause does not look again: it goes on before anybody gives a permit, with nothing of what
    /// came before the giving.
    stale_look: not_linearizable(NotPublished).misses(Shuttle, NothingSpurious) => linearizable::<Semaphore<STALE>>(&clients());
    /// The lock is let go between looking and taking, and two threads take one permit.
    split_take: not_linearizable(NotLinearizable) => linearizable::<Semaphore<SPLIT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const FIRST: u8 = 1;
const NEVER: u8 = 2;
const STALE: u8 = 3;
const SPLIT: u8 = 4;

fn clients() -> Clients<Permit> {
    let operations = [Permit::Acquire, Permit::TryAcquire, Permit::Release];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4))
}

struct Semaphore<const FAULT: u8> {
    permits: Mutex<u8>,
    came: Condvar,
}

impl<const FAULT: u8> Semaphore<FAULT> {
    fn take<'a>(&'a self, mut permits: MutexGuard<'a, u8>) {
        if FAULT == SPLIT {
            drop(permits);
            permits = self.permits.lock().unwrap();
        }
        *permits = permits.wrapping_sub(1);
    }

    fn acquire(&self) {
        let mut permits = self.permits.lock().unwrap();
        while *permits == 0 {
            permits = self.came.wait(permits).unwrap();
            if FAULT == STALE {
                break;
            }
        }
        self.take(permits);
    }

    fn release(&self) {
        let mut permits = self.permits.lock().unwrap();
        *permits = permits.wrapping_add(1);
        let wakes = match FAULT {
            FIRST => *permits == 1,
            NEVER => false,
            _ => true,
        };
        drop(permits);
        if wakes {
            self.came.notify_one();
        }
    }
}

impl<const FAULT: u8> Object for Semaphore<FAULT> {
    type Spec = Permits<0>;

    fn new() -> Self {
        Semaphore { permits: Mutex::new(0), came: Condvar::new() }
    }

    fn call(&self, operation: &Permit) -> Option<u8> {
        match operation {
            Permit::Acquire => self.acquire(),
            Permit::Release => self.release(),
            _ => {
                let permits = self.permits.lock().unwrap();
                if *permits > 0 {
                    self.take(permits);
                    return Some(1);
                }
            }
        }
        None
    }
}
