//! A semaphore with one permit is a lock: giving a permit back is a Release, taking it an Acquire.
//!
//! Shape: who finds a permit takes it by compare-exchange, so the count never goes below zero; who
//! leaves adds one. Taking in two steps hands one permit to two threads.
//!
//! Source: Dijkstra, EWD 123, 1965, sections 3.2 (P and V) and 4 (the general semaphore); ISO C++20 [thread.sema.cnt] p10 (a
//! release happens before the acquire that observes it).
//! Minimal: `take: permits.load` Relaxed, `take: permits.compare_exchange` Acquire, `count:
//! permits.fetch_add` Release (libvsync 4.3.0, 2026, semaphore.h).
//! Does not show: sleeping; the waiter spins.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    acquire_release: holds() => count(take(Acquire), Release);
    /// Who takes the permit does not see what its last owner wrote.
    relaxed_take: fails(DataRace) => count(take(Relaxed), Release);
    /// Who gives the permit back does not publish what it wrote.
    relaxed_give: fails(DataRace) => count(take(Acquire), Relaxed);
    /// Looking and subtracting in two steps hands one permit to two threads.
    take_in_two_steps: fails(DataRace) => count(take_in_two_steps, Release);
}

fn take(order: Ordering) -> impl Fn(&AtomicU32) + Sync {
    move |permits| {
        loop {
            let seen = permits.load(Relaxed); // Relaxed: the exchange acquires
            // Acquire: pairs with the addition that gave it back; Relaxed would take the permit
            // without what its last owner wrote. Relaxed: only tried again.
            if seen > 0 && permits.compare_exchange(seen, seen - 1, order, Relaxed).is_ok() {
                return;
            }
            hint::spin_loop();
        }
    }
}

fn take_in_two_steps(permits: &AtomicU32) {
    // Acquire: pairs with the addition that gave it back; the flaw is the gap that follows.
    while permits.load(Acquire) == 0 {
        hint::spin_loop();
    }
    permits.fetch_sub(1, Acquire); // Acquire: as above, and too late
}

fn count(take: impl Fn(&AtomicU32) + Sync, give: Ordering) {
    let (permits, total) = (AtomicU32::new(1), UnsafeCell::new(0));
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                take(&permits);
                // SAFETY: there is one permit, and one exchange takes it from 1 to 0; taken in two
                // steps it goes to two threads, who are in together.
                total.with_mut(|t| unsafe { *t += 1 });
                permits.fetch_add(1, give); // Release: who takes the permit next sees the update
            });
        }
    });
    assert_eq!(total.into_inner(), 2, "an update is lost");
}
