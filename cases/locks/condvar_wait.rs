//! A notification is not remembered: what is waited for must be state, changed under the mutex.
//!
//! Shape: one thread waits for a flag that another raises. A wait without looking misses a
//! notification that came before. Looking under the mutex suffices only if the flag is raised under
//! it too: else it can be raised, and notified, between the look and the wait. Notifying itself may
//! come after the unlock.
//!
//! Source: Hoare, CACM 17(10), 1974 (monitors); Lampson and Redell, CACM 23(2), 1980, section 4;
//! `std::sync::Condvar` documentation.
//! Does not show: spurious wake-ups; `condvar_if_for_while` is about a wake-up that is too late.

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// Looked at and raised under the mutex, notified under it too.
    under_the_mutex: holds()
        .slack("wait_for: flag.load", "Relaxed", "for the twin without the mutex: it does not help")
        => wait_for(true, |flag, mutex, changed| {
        let _held = mutex.lock().unwrap();
        flag.store(true, Relaxed); // Relaxed: ordered by the mutex
        changed.notify_one();
    });
    /// Notified after the unlock: the waiter either sees the flag or is waiting already.
    notified_after_unlock: holds() => wait_for(true, |flag, mutex, changed| {
        let held = mutex.lock().unwrap();
        flag.store(true, Relaxed); // Relaxed: ordered by the mutex
        drop(held);
        changed.notify_one();
    });
    /// Raised and notified between the waiter's look and its wait.
    without_the_mutex: fails(LostWakeup) => wait_for(true, |flag, _, changed| {
        flag.store(true, SeqCst); // SeqCst: no ordering helps
        changed.notify_one();
    });
    /// The notification came before the wait, and nobody looks at the flag.
    without_looking: fails(LostWakeup) => wait_for(false, |flag, mutex, changed| {
        let _held = mutex.lock().unwrap();
        flag.store(true, Relaxed); // Relaxed: ordered by the mutex
        changed.notify_one();
    });
    /// Nobody notifies.
    never_notified: fails(Deadlock) => wait_for(true, |flag, mutex, _| {
        let _held = mutex.lock().unwrap();
        flag.store(true, Relaxed); // Relaxed: ordered by the mutex
    });
}

fn wait_for(look: bool, raise: impl Fn(&AtomicBool, &Mutex<()>, &Condvar) + Sync) {
    let (flag, mutex, changed) = (AtomicBool::new(false), Mutex::new(()), Condvar::new());
    thread::scope(|s| {
        s.spawn(|| {
            let mut held = mutex.lock().unwrap();
            if look {
                // SeqCst: pairs with the store outside the mutex. Under it Relaxed would do.
                while !flag.load(SeqCst) {
                    held = changed.wait(held).unwrap();
                }
            } else {
                held = changed.wait(held).unwrap();
            }
            drop(held);
        });
        s.spawn(|| raise(&flag, &mutex, &changed));
    });
}
