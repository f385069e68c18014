//! With one condition variable for both sides of a buffer, a notification of one can wake the wrong side.
//!
//! Shape: a put waits while the one place is full, a take while it is empty, each on a condition
//! variable of its own that the other side notifies. On a common one, a take that has made room may
//! wake another take, which finds nothing and waits again; the put that could go on is not woken,
//! and everybody waits. Notifying all is right again.
//!
//! Source: Hoare, CACM 17(10), 1974 (the bounded buffer, with two conditions); Goetz et al., *Java
//! Concurrency in Practice*, 2006, section 14.2.4.
//! Does not show: what it costs to wake everybody.

use super::rt::linear::specs::{Channel, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::{Condvar, Mutex};

cases! {
    /// Up to three threads and four operations, two a thread, without those that wait for good.
    every_client: linearizable() => linearizable::<Buffer<NONE>>(&clients());
    /// The same with one condition variable, if each change wakes everybody.
    notify_all: linearizable() => linearizable::<Buffer<ALL>>(&clients());
    /// A take wakes a take, and the put goes on waiting.
    one_for_both: not_linearizable(LostWakeup) => linearizable::<Buffer<ONE>>(&clients());
    /// Whoever waits has looked under another hold of the lock: what it waits for has been.
    split_wait: not_linearizable(LostWakeup) => linearizable::<Buffer<SPLIT>>(&clients());
    /// A take that was woken does not look again, and returns with nothing.
    looks_once: not_linearizable(NotLinearizable) => linearizable::<Buffer<IF>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const ALL: u8 = 1;
const ONE: u8 = 2;
const SPLIT: u8 = 3;
const IF: u8 = 4;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(4)).numbered(Hold::number)
}

struct Buffer<const FAULT: u8> {
    place: Mutex<Option<u8>>,
    /// Notified when there is a value, and when there is room.
    changes: [Condvar; 2],
}

impl<const FAULT: u8> Buffer<FAULT> {
    /// Waits for room and puts a value in, or waits for a value and takes it out.
    fn exchange(&self, new: Option<u8>) -> Option<u8> {
        let [value, room] = &self.changes;
        let (mine, other) = if new.is_some() { (room, value) } else { (value, room) };
        let is_common = FAULT == ONE || FAULT == ALL;
        let (mine, other) = if is_common { (value, value) } else { (mine, other) };
        let mut place = self.place.lock().unwrap();
        while place.is_some() == new.is_some() {
            if FAULT == SPLIT {
                drop(place);
                place = self.place.lock().unwrap();
            }
            place = mine.wait(place).unwrap();
            if FAULT == IF && new.is_none() {
                break;
            }
        }
        let old = std::mem::replace(&mut *place, new);
        if FAULT == ALL {
            other.notify_all()
        } else {
            other.notify_one()
        }
        old
    }
}

impl<const FAULT: u8> Object for Buffer<FAULT> {
    type Spec = Channel<1>;

    fn new() -> Self {
        Buffer { place: Mutex::new(None), changes: [Condvar::new(), Condvar::new()] }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let Hold::Put(value) = *operation else { return self.exchange(None) };
        self.exchange(Some(value))
    }
}
