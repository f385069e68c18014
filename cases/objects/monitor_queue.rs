//! A queue of a lock and a condition variable is a channel if every put notifies and every take looks again.
//!
//! Shape: a put pushes under the lock and notifies one. A take waits while there is nothing, and the
//! wait gives the lock back. Because a look and the beginning of a wait are under one hold of the
//! lock, no notification falls between them; because another take may come before the woken one,
//! and because a wait may end without a cause, the woken one looks again. The notification may come
//! after the unlock.
//!
//! Source: Lampson and Redell, CACM 23(2), 1980, section 4 (a notification is a hint);
//! `std::sync::Condvar` documentation.
//! Does not show: room that ends (`bounded_monitor`).

use std::collections::VecDeque;

use super::rt::linear::specs::{Channel, Hold};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::{Condvar, Mutex};

cases! {
    /// Up to three threads and four operations, two a thread, without those that wait for good.
    every_client: linearizable() => linearizable::<Queue<NONE>>(&clients());
    /// Nobody wakes the take that was there first.
    no_notify: not_linearizable(Deadlock) => linearizable::<Queue<SILENT>>(&clients());
    /// A put notifies only if the queue was empty: the second of two that wait is not woken.
    notify_if_empty: not_linearizable(LostWakeup) => linearizable::<Queue<EMPTY>>(&clients());
    /// The woken take does not look again, and returns with nothing.
    looks_once: not_linearizable(NotLinearizable) => linearizable::<Queue<IF>>(&clients());
    /// A take looks under one hold of the lock and begins to wait under another.
    split_wait: not_linearizable(LostWakeup) => linearizable::<Queue<SPLIT>>(&clients());
    /// A put reads the queue under one hold of the lock and writes it under another.
    split_put: not_linearizable(NotLinearizable) => linearizable::<Queue<PUT>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const SILENT: u8 = 1;
const EMPTY: u8 = 2;
const IF: u8 = 3;
const SPLIT: u8 = 4;
const PUT: u8 = 5;

fn clients() -> Clients<Hold> {
    let calls = [Role::any([Hold::Put(0), Hold::Take])];
    Clients::new(calls, Size::new(3, 2).up_to(4)).numbered(Hold::number)
}

struct Queue<const FAULT: u8> {
    values: Mutex<VecDeque<u8>>,
    more: Condvar,
}

impl<const FAULT: u8> Queue<FAULT> {
    fn put(&self, value: u8) {
        let mut values = self.values.lock().unwrap();
        let was_empty = values.is_empty();
        if FAULT == PUT {
            let read = values.clone();
            drop(values);
            values = self.values.lock().unwrap();
            *values = read;
        }
        values.push_back(value);
        drop(values);
        if FAULT != SILENT && (FAULT != EMPTY || was_empty) {
            self.more.notify_one();
        }
    }

    fn take(&self) -> Option<u8> {
        let mut values = self.values.lock().unwrap();
        while values.is_empty() {
            if FAULT == SPLIT {
                drop(values);
                values = self.values.lock().unwrap();
            }
            values = self.more.wait(values).unwrap();
            if FAULT == IF {
                break;
            }
        }
        values.pop_front()
    }
}

impl<const FAULT: u8> Object for Queue<FAULT> {
    type Spec = Channel;

    fn new() -> Self {
        Queue { values: Mutex::new(VecDeque::new()), more: Condvar::new() }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let Hold::Put(value) = *operation else { return self.take() };
        self.put(value);
        None
    }
}
