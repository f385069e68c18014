//! What was read under one guard may be untrue under the next: check and act under the same lock.
//!
//! Shape: a thread reads under a shared lock, gives it up, takes it alone and writes according to
//! what it read. In the gap another thread does the same. No lock is at fault; the decision was
//! made outside of it. Checking again under the write lock, or deciding under it, closes the gap.
//!
//! Source: `std::sync::RwLock` documentation (no upgrade); Lu, Park, Seo and Zhou, ASPLOS 2008,
//! section 3 (atomicity violations).
//! Does not show: an upgrade without a gap; `upgradable_read_lock` does.

use super::rt::sync::{Mutex, RwLock};
use super::rt::thread;

cases! {
    /// Both find the seat free and take it.
    check_then_act: fails(Assertion) => claim_by_two(|seat, me| {
        let free = seat.read().unwrap().is_none();
        if free {
            *seat.write().unwrap() = Some(me);
        }
        free
    });
    /// The second check is made by who acts.
    check_again: holds() => claim_by_two(|seat, me| {
        let free = seat.read().unwrap().is_none();
        free && claim(&mut seat.write().unwrap(), me)
    });
    /// Check and act under one guard.
    one_guard: holds() => claim_by_two(|seat, me| claim(&mut seat.write().unwrap(), me));
    /// A mutex taken twice has the same gap: the flaw is not the kind of lock.
    mutex_taken_twice: fails(Assertion) => add_by_two(|total| {
        let seen = *total.lock().unwrap();
        *total.lock().unwrap() = seen + 1;
    });
    /// A mutex taken once has none.
    mutex_taken_once: holds() => add_by_two(|total| *total.lock().unwrap() += 1);
}

fn claim(seat: &mut Option<u32>, me: u32) -> bool {
    let free = seat.is_none();
    if free {
        *seat = Some(me);
    }
    free
}

fn claim_by_two(claim: impl Fn(&RwLock<Option<u32>>, u32) -> bool + Sync) {
    let seat = RwLock::new(None);
    let (seat, claim) = (&seat, &claim);
    thread::scope(|s| {
        let [left, right] = [1, 2].map(|me| s.spawn(move || claim(seat, me)));
        assert!(left.join().unwrap() != right.join().unwrap(), "exactly one has the seat");
    });
}

fn add_by_two(add: impl Fn(&Mutex<u32>) + Sync) {
    let total = Mutex::new(0);
    thread::scope(|s| {
        s.spawn(|| add(&total));
        s.spawn(|| add(&total));
    });
    assert_eq!(total.into_inner().unwrap(), 2, "an update is lost");
}
