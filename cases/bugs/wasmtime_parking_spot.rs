//! A wake-up that was sent to a waiter is to be taken by it, also if its time is up.
//!
//! Shape: threads wait at an address. Whoever wakes one counts a wake-up to be taken, and tells the
//! condition variable. A waiter takes one and goes; one whose time is up just goes. If both come
//! together the wake-up stays in the books with nobody left to take it: the last waiter tears the
//! place down and finds that; had there been another waiter, it would have woken without being
//! asked to.
//!
//! Source: wasmtime pull request 5871 (ParkingSpot, 2023).
//! Does not show: the map of addresses; that a wake-up goes to one who came after it.

use core::time::Duration;

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// As published: who is out of time goes without a look at the books.
    left_in_the_books: fails(Assertion) => wake_while_time_is_up(false);
    /// As fixed: it takes the wake-up that was sent to it.
    taken: holds() => wake_while_time_is_up(true);
}

#[derive(Default)]
struct Spot {
    waiters: u32,
    wake_ups: u32,
}

fn wake_while_time_is_up(fixed: bool) {
    let (spot, sent) = (Mutex::new(Spot::default()), Condvar::new());
    thread::scope(|s| {
        s.spawn(|| {
            let mut spot = spot.lock().unwrap();
            spot.waiters += 1;
            let mut timed_out = false;
            while spot.wake_ups == 0 && !timed_out {
                let result;
                (spot, result) = sent.wait_timeout(spot, A_MOMENT).unwrap();
                timed_out = result.timed_out();
            }
            if spot.wake_ups > 0 && (fixed || !timed_out) {
                spot.wake_ups -= 1;
            }
            spot.waiters -= 1;
            assert!(spot.waiters > 0 || spot.wake_ups == 0, "a wake-up is left for nobody");
        });
        let mut spot = spot.lock().unwrap();
        if spot.wake_ups < spot.waiters {
            spot.wake_ups += 1;
            sent.notify_one();
        }
    });
}
