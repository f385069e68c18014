//! A waiter that leaves may take a notification with it, and must not leave it unused.
//!
//! Shape: a permit comes back and `notify_one` tells one of two waiters. The notified one had a
//! time-out, and that comes too: it still has to take the lock, and when it has it, both are true.
//! If it leaves now, the notification was spent on it, the permit is there, and the other waiter
//! sleeps for ever. It has to take the permit after all, or to notify again before it leaves.
//!
//! Source: toit pull request 3094 (2026, a signal between the time-out and the lock);
//! `std::sync::Condvar::notify_one` documentation.
//! Does not show: `notify_all`, which leaves nobody out.

use core::time::Duration;

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// Out of time it looks once more, and takes what is there.
    takes_it_after_all: holds() => two_waiters(|permits, _| *permits > 0);
    /// It leaves, and tells the next one of what it does not take.
    passes_it_on: holds() => two_waiters(|permits, more| {
        if *permits > 0 {
            more.notify_one();
        }
        false
    });
    /// It leaves with the only notification.
    leaves_with_it: fails(LostWakeup)
        .misses(Loom, TimeOutWakesAll)
        => two_waiters(|_, _| false);
}

/// What a waiter does that is out of time; whether it takes a permit.
type OutOfTime = fn(&mut u32, &Condvar) -> bool;

fn two_waiters(out_of_time: OutOfTime) {
    let (permits, more) = (Mutex::new(0), Condvar::new());
    let release = || {
        *permits.lock().unwrap() += 1;
        more.notify_one();
    };
    thread::scope(|s| {
        s.spawn(|| {
            let mut free = permits.lock().unwrap();
            while *free == 0 {
                let result;
                (free, result) = more.wait_timeout(free, A_MOMENT).unwrap();
                if result.timed_out() && !out_of_time(&mut free, &more) {
                    return;
                }
            }
            *free -= 1;
            drop(free);
            release();
        });
        s.spawn(|| {
            let mut free = more.wait_while(permits.lock().unwrap(), |free| *free == 0).unwrap();
            *free -= 1;
        });
        release();
    });
}
