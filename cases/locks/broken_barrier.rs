//! Who leaves a barrier before its time must break it for all who wait there.
//!
//! Shape: two threads meet at a barrier, and one has a time-out. It arrives, gives up and goes. If
//! its arrival stays counted, the other passes as if they had met. If it takes its arrival back and
//! says nothing, the other one waits for ever. A barrier that is broken says so to both, and stays
//! broken.
//!
//! Source: Java SE 21 documentation, 2023, `CyclicBarrier` (all or none).
//! Does not show: a barrier that is used again after a reset.

use core::time::Duration;

use super::rt::parking_lot::{Condvar, Mutex};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

#[derive(Default)]
struct Barrier {
    come: u32,
    broken: bool,
}

/// What one does that is out of time.
type GiveUp = fn(&mut Barrier, &Condvar);

cases! {
    /// Both have met, or both know that they have not.
    broken: holds() => meet(|barrier, changed| {
        barrier.broken = true;
        changed.notify_all();
    });
    /// It is gone, and still counts.
    still_counted: fails(Assertion) => meet(|_, _| ());
    /// It takes itself out, and the other one is never told.
    taken_back: fails(Deadlock) => meet(|barrier, _| barrier.come -= 1);
}

fn meet(give_up: GiveUp) {
    let (barrier, changed) = (Mutex::new(Barrier::default()), Condvar::new());
    let (barrier, changed) = (&barrier, &changed);
    let arrive = |timed: bool| {
        let mut barrier = barrier.lock();
        barrier.come += 1;
        changed.notify_all();
        let mut timed_out = false;
        while barrier.come < 2 && !barrier.broken {
            if timed_out {
                give_up(&mut barrier, changed);
                return false;
            }
            if timed {
                timed_out = changed.wait_for(&mut barrier, A_MOMENT).timed_out();
            } else {
                changed.wait(&mut barrier);
            }
        }
        !barrier.broken
    };
    let (left, right) = thread::scope(|s| {
        let [left, right] = [true, false].map(|timed| s.spawn(move || arrive(timed)));
        (left.join().unwrap(), right.join().unwrap())
    });
    assert_eq!(left, right, "one has met nobody");
}
