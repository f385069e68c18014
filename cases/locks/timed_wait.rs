//! A time-out says that time is up, and nothing about what was waited for.
//!
//! Shape: one thread gets something ready under a lock and notifies; another waits for that with a
//! time-out. When the wait is over the condition may hold or not, however it ended: the lock was
//! free in between. So the waiter looks again. One that takes the time-out for "it is not ready"
//! leaves what was ready behind. One that takes the end of the wait for "it is ready" takes what is
//! not there.
//!
//! Source: `std::sync::Condvar::wait_timeout` documentation; truffleruby pull request 3046 (2023, a
//! timed `pop` that trusted the result of its wait).
//! Does not show: how long a wait lasts; here a time-out comes at any moment.

use core::time::Duration;

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

type Slot = (Mutex<Option<u32>>, Condvar);

cases! {
    /// How the wait ended, by the time-out or not, and what is there then: with a time-out it may be either.
    outcomes: observes()
        .required([(false, Some(7)), (true, None), (true, Some(7))])
        => told();
    /// It looks once more, whatever ended the wait; a value that comes later stays for the owner.
    look_again: holds() => hand_over(|(slot, filled)| {
        let value = slot.lock().unwrap();
        let (mut value, _) = filled.wait_timeout_while(value, A_MOMENT, |v| v.is_none()).unwrap();
        value.take()
    });
    /// The value came together with the time-out, and is given up for lost.
    believes_the_time_out: fails(Assertion) => hand_over(|(slot, filled)| {
        let mut value = slot.lock().unwrap();
        if value.is_none() {
            let result;
            (value, result) = filled.wait_timeout(value, A_MOMENT).unwrap();
            if result.timed_out() {
                *value = None; // "nobody came": ready for the next round
            }
        }
        value.take()
    });
    /// The wait is over, and there is no value.
    believes_the_end: fails(Assertion) => hand_over(|(slot, filled)| {
        let mut value = slot.lock().unwrap();
        if value.is_none() {
            value = filled.wait_timeout(value, A_MOMENT).unwrap().0;
        }
        Some(value.take().expect("the wait is over"))
    });
}

fn hand_over(take: fn(&Slot) -> Option<u32>) {
    let slot: Slot = (Mutex::new(None), Condvar::new());
    let taken = thread::scope(|s| {
        s.spawn(|| {
            *slot.0.lock().unwrap() = Some(7);
            slot.1.notify_one();
        });
        take(&slot)
    });
    let left = slot.0.into_inner().unwrap();
    assert_eq!(taken.or(left), Some(7), "the value is lost");
}

/// Whether a wait without a loop timed out, and what was there then.
fn told() -> (bool, Option<u32>) {
    let (slot, filled): Slot = (Mutex::new(None), Condvar::new());
    thread::scope(|s| {
        let value = slot.lock().unwrap();
        s.spawn(|| {
            *slot.lock().unwrap() = Some(7);
            filled.notify_one();
        });
        let (value, result) = filled.wait_timeout(value, A_MOMENT).unwrap();
        (result.timed_out(), *value)
    })
}
