//! A count beside a queue is wrong in both orders of the two steps, below nothing in one of them.
//!
//! Shape: a wrapper around a queue keeps its length in a counter. It raised the counter after it had put
//! the value in, so another thread could take the value and lower the counter first: the length was -1,
//! and a list with room for so many was refused. With the counter raised first the length is never below
//! nothing, which is what the callers needed; but it counts a value that cannot be taken yet, so it is
//! still not the length. Both in one step, which here is a lock, is linearizable. The smallest client,
//! 255 being -1: `Put → 1 ∥ Take → 1 ∥ Len → 255`, and with the counter first: `Put → 1 ∥ Len → 1; Take → 0`.
//!
//! Source: EventStore pull request 2051 (`ConcurrentQueueWrapper`; shaan1337, 2019).
//! Does not show: the queue, which is the number of values that can be taken.

use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Both are changed under a lock: up to three threads and four operations.
    every_client: linearizable() => linearizable::<Counted<LOCKED>>(&clients());
    /// The counter is raised after the value is in: EventStore pull request 2051.
    raised_after: not_linearizable(NotLinearizable) => linearizable::<Counted<AFTER>>(&clients());
    /// The counter is raised before the value is in.
    raised_before: not_linearizable(NotLinearizable) => linearizable::<Counted<BEFORE>>(&clients());
}

/// When the counter is raised.
const LOCKED: u8 = 0;
const AFTER: u8 = 1;
const BEFORE: u8 = 2;

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Put,
    Take,
    Len,
}

fn clients() -> Clients<Call> {
    Clients::new([Role::any([Call::Put, Call::Take, Call::Len])], Size::new(3, 3).up_to(4))
}

/// How many values there are. Taking says 1 if there was one.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Number(u8);

impl Spec for Number {
    type Operation = Call;
    type Result = u8;

    fn apply(&mut self, call: &Call) -> Option<u8> {
        let before = self.0;
        match call {
            Call::Put => self.0 += 1,
            Call::Take => self.0 = before.saturating_sub(1),
            Call::Len => return Some(before),
        }
        Some(before.abs_diff(self.0))
    }
}

struct Counted<const RAISED: u8> {
    queue: AtomicU8,
    count: AtomicU8,
    lock: Mutex<()>,
}

impl<const RAISED: u8> Object for Counted<RAISED> {
    type Spec = Number;

    fn new() -> Self {
        Counted { queue: AtomicU8::new(0), count: AtomicU8::new(0), lock: Mutex::new(()) }
    }

    fn call(&self, call: &Call) -> u8 {
        let _locked = (RAISED == LOCKED).then(|| self.lock.lock().unwrap());
        // AcqRel: who takes a value has the count that came before it. Relaxed, else: the lock orders all
        let order = if RAISED == LOCKED { Relaxed } else { AcqRel };
        match call {
            Call::Put => {
                if RAISED == BEFORE {
                    self.count.fetch_add(1, Relaxed); // Relaxed: the queue publishes it
                }
                self.queue.fetch_add(1, order); // AcqRel: as above
                if RAISED != BEFORE {
                    self.count.fetch_add(1, Relaxed); // Relaxed: nothing follows from it
                }
                1
            }
            Call::Take => {
                // AcqRel, Relaxed: as above; a failed attempt has seen nothing
                let take = self.queue.fetch_update(order, Relaxed, |queue| queue.checked_sub(1));
                if take.is_ok() {
                    self.count.fetch_sub(1, Relaxed); // Relaxed: as above
                }
                u8::from(take.is_ok())
            }
            Call::Len => self.count.load(Relaxed), // Relaxed: it is one location
        }
    }
}
