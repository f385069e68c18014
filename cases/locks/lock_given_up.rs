//! A lock that was not had in time is not held, and what is held must be let go.
//!
//! Shape: two threads take two locks in opposite orders. A time-out of one of them ends the
//! deadlock, if it also lets its first lock go, so that the other thread can finish. One that keeps
//! the first lock and then waits for good has the deadlock back. And `try_lock_for` has a result:
//! who drops it has no lock, in time or not.
//!
//! Source: lock_api documentation, `Mutex::try_lock_for`; formplayer pull request 187 (2016, went
//! on without the lock).
//! Does not show: two threads that give up again and again (each has one time-out here).

use core::time::Duration;

use super::rt::cell::UnsafeCell;
use super::rt::parking_lot::Mutex;
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

type Locks<'a> = [&'a Mutex<u32>; 2];

cases! {
    /// Both locks go, and the work is left for later.
    lets_go: holds() => opposite_orders(|[first, second]| {
        let mut first = first.lock();
        if let Some(mut second) = second.try_lock_for(A_MOMENT) {
            *first += 1;
            *second += 1;
        }
    });
    /// Out of time it waits for good, with the first lock in its hand.
    keeps_the_first: fails(Deadlock) => opposite_orders(|[first, second]| {
        let mut first = first.lock();
        let mut second = second.try_lock_for(A_MOMENT).unwrap_or_else(|| second.lock());
        *first += 1;
        *second += 1;
    });
    /// The guard is looked at.
    looks_at_the_result: holds() => beside_holder(true);
    /// The lock may not have been had, and the data is written all the same.
    goes_on: fails(DataRace) => beside_holder(false);
}

fn opposite_orders(both: fn(Locks<'_>)) {
    let (left, right) = (Mutex::new(0), Mutex::new(0));
    thread::scope(|s| {
        s.spawn(|| both([&left, &right]));
        s.spawn(|| {
            let (mut right, mut left) = (right.lock(), left.lock());
            *right += 1;
            *left += 1;
        });
    });
    assert_eq!(left.into_inner(), right.into_inner());
}

fn beside_holder(looks: bool) {
    let (lock, data) = (Mutex::new(()), UnsafeCell::new(0));
    // SAFETY: whoever calls it holds the lock; one that goes on without does not.
    let write = || data.with_mut(|d| unsafe { *d += 1 });
    thread::scope(|s| {
        s.spawn(|| {
            let _held = lock.lock();
            write();
        });
        s.spawn(|| {
            let held = lock.try_lock_for(A_MOMENT);
            if held.is_some() || !looks {
                write();
            }
        });
    });
}
