//! Alternation needs a turn that is handed over; a mutex alone excludes and does not alternate.
//!
//! Shape: one thread appends the even numbers and one the odd ones, and the list must come out in
//! order. The turn says whose number is next. Spinning on it, the Release store that hands it over
//! and the Acquire load that sees it also order the accesses to the list. Waiting on it with a
//! condition variable, the hand-over must notify, or the other thread sleeps for ever.
//!
//! Source: Dijkstra, EWD 123, 1965, section 2.1 (its first solution takes turns).
//! Does not show: mutual exclusion for threads that come when they like; a turn makes both come.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::{hint, thread};

/// How many numbers are written.
const COUNT: u32 = 4;

cases! {
    /// The turn hands the list over together with itself.
    spin_release_acquire: holds() => by_spinning(Release, Acquire);
    /// The turn alternates and orders nothing: the list races.
    spin_relaxed: fails(DataRace) => by_spinning(Relaxed, Relaxed);
    /// The condition variable tells the other thread that the turn is its own.
    condvar: holds() => by_waiting(true, true);
    /// Nobody tells it.
    no_notify: fails(Deadlock) => by_waiting(true, false);
    /// Whoever gets the lock appends: the list is whole, and out of order.
    mutex_only: fails(Assertion) => by_waiting(false, true);
}

fn by_spinning(store: Ordering, load: Ordering) {
    let (list, turn) = (UnsafeCell::new(Vec::new()), AtomicU32::new(0));
    thread::scope(|s| {
        for parity in 0..2 {
            let (list, turn) = (&list, &turn);
            s.spawn(move || {
                for number in (parity..COUNT).step_by(2) {
                    // Acquire: pairs with the other thread's store
                    while turn.load(load) != number {
                        hint::spin_loop();
                    }
                    // SAFETY: the turn names one number, and each number has one thread; but only
                    // Release and Acquire put the other's append before this one.
                    list.with_mut(|list| unsafe { (*list).push(number) });
                    turn.store(number + 1, store); // Release: pairs with the other thread's load
                }
            });
        }
    });
    assert_eq!(list.into_inner(), Vec::from_iter(0..COUNT));
}

fn by_waiting(wait: bool, notify: bool) {
    let (list, appended) = (Mutex::new(Vec::new()), Condvar::new());
    thread::scope(|s| {
        for parity in 0..2 {
            let (list, appended) = (&list, &appended);
            s.spawn(move || {
                for number in (parity..COUNT).step_by(2) {
                    let mut list = list.lock().unwrap();
                    while wait && list.len() != number as usize {
                        list = appended.wait(list).unwrap();
                    }
                    list.push(number);
                    if notify {
                        appended.notify_one();
                    }
                }
            });
        }
    });
    assert_eq!(list.into_inner().unwrap(), Vec::from_iter(0..COUNT));
}
