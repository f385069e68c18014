//! Trying instead of waiting avoids the deadlock of crossed locks, but promises no progress.
//!
//! Shape: two threads take two locks in opposite orders; who finds the second one held gives the
//! first back and tries again. Both may find the other's lock held in every round, so no number of
//! rounds is enough: that endless repetition is the livelock, shown here by its first rounds. With
//! one order nobody has to give up.
//!
//! Source: `std::sync::Mutex::try_lock` documentation; Herlihy and Shavit, *The Art of
//! Multiprocessor Programming*, 2008, section 7.4 (back-off).
//! Does not show: random back-off, which makes it unlikely and not impossible.

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// One attempt each: both can succeed, either, or neither.
    one_attempt: observes()
        .required([(true, true), (true, false), (false, true)])
        .interesting((false, false), "each holds what the other tries for, and both give up")
        .misses(Loom, [(false, false)], SkipsInterleavings)
        => try_both([[0, 1], [1, 0]], 1);
    /// A second attempt changes nothing.
    two_attempts: observes()
        .required([(true, true), (true, false), (false, true)])
        .interesting((false, false), "the same meeting happens again in every round")
        .misses(Loom, [(false, false)], SkipsInterleavings)
        => try_both([[0, 1], [1, 0]], 2);
    /// Who has the first lock finds the second one free.
    one_order: observes()
        .required([(true, true)])
        .forbidden((false, false), "the second lock is held only by who holds the first")
        => try_both([[0, 1], [0, 1]], 1);
}

fn try_both(orders: [[usize; 2]; 2], attempts: u32) -> (bool, bool) {
    let locks = [(); 2].map(Mutex::new);
    let locks = &locks;
    let work = |[first, second]: [usize; 2]| {
        for _ in 0..attempts {
            let _first = locks[first].lock().unwrap();
            if locks[second].try_lock().is_ok() {
                return true;
            }
        }
        false
    };
    thread::scope(|s| {
        let [left, right] = orders.map(|order| s.spawn(move || work(order)));
        (left.join().unwrap(), right.join().unwrap())
    })
}
