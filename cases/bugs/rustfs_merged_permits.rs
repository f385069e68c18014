//! A notification that can be left only once does not count: two that find nobody are one.
//!
//! Shape: workers take a slot, and wait if there is none: they look, and then wait for a
//! notification; who gives a slot back notifies one. A notification without a waiter is kept, but
//! no second one. Two takers have looked and do not wait yet, two slots come back, and one notification
//! is left: one taker takes a slot, the other sleeps beside a free one. A semaphore counts what is given.
//!
//! Source: rustfs pull request 4498, 2026 (`Workers`, over tokio's `Notify`).
//! Does not show: the slots; the second fault of that report, waiters for different things: `condvar_notify_one`.

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// As published: at most one notification is kept.
    one_is_kept: fails(LostWakeup) => give_two_slots(|_| 1);
    /// As fixed: as many as have been given.
    all_are_kept: holds() => give_two_slots(|kept| kept + 1);
}

/// What is kept of notifications, when one more comes to so many.
struct Notify {
    kept: Mutex<u32>,
    changed: Condvar,
    one_more: fn(u32) -> u32,
}

impl Notify {
    fn notify_one(&self) {
        let mut kept = self.kept.lock().unwrap();
        *kept = (self.one_more)(*kept);
        self.changed.notify_one();
    }

    fn notified(&self) {
        let kept = self.kept.lock().unwrap();
        *self.changed.wait_while(kept, |kept| *kept == 0).unwrap() -= 1;
    }
}

/// Two takers have looked and found no slot, before two are given back.
fn give_two_slots(one_more: fn(u32) -> u32) {
    let notify = Notify { kept: Mutex::new(0), changed: Condvar::new(), one_more };
    thread::scope(|s| {
        (0..2).for_each(|_| drop(s.spawn(|| notify.notified())));
        (0..2).for_each(|_| notify.notify_one());
    });
}
