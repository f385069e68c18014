//! An eventcount lets a thread sleep until a condition without a lock around it: who waits signs in before it looks a last time.
//!
//! Shape: one word counts notifications and sleepers. Who waits signs in and keeps the number of
//! notifications, looks at the condition again, and sleeps while the number is that. Who has made the
//! condition true counts a notification, and wakes only if somebody is signed in. Both are
//! read-modify-writes of one word, so one reads the other: either the notification has the sleeper, or
//! the sleeper has what was before the notification. The kernel's part, that look and sleep are one
//! step, is played by a mutex and a condition variable.
//!
//! Source: folly, `EventCount` (its AcqRel fetch_adds of one word); Reed and Kanodia, CACM 1979.
//! Does not show: signing off when the last look finds the condition; several sleepers; the first look.

use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

/// A notification, above the count of sleepers.
const NOTIFIED: usize = 16;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => wait_beside_notify(Some([Acquire, Release]), true);
    /// The sleeper signs in without seeing what came before the notification.
    relaxed_sign_in: fails(Deadlock).weak() => wait_beside_notify(Some([Relaxed, Release]), true);
    /// The notification does not publish the condition.
    relaxed_notify: fails(Deadlock).weak() => wait_beside_notify(Some([Acquire, Relaxed]), true);
    /// Without a look after it has signed in: the notification was before.
    no_last_look: fails(Deadlock) => wait_beside_notify(Some([Acquire, Release]), false);
    /// The notifier looks first whether somebody is signed in, and no exchange tells the sleeper.
    notify_if_seen: fails(Deadlock).weak() => wait_beside_notify(None, true);
}

/// The orderings of signing in and of the notification, or none if that is left out where no sleeper is seen.
fn wait_beside_notify(orders: Option<[Ordering; 2]>, looks_again: bool) {
    let (word, is_true) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (kernel, asleep) = (Mutex::new(()), Condvar::new());
    let [sign_in, notify] = orders.unwrap_or([AcqRel; 2]);
    thread::scope(|s| {
        s.spawn(|| {
            // Acquire: pairs with a notification that came before
            let number = word.fetch_add(1, sign_in) / NOTIFIED;
            // Relaxed: it is behind the word, and the condition before a notification that is not seen yet
            if !looks_again || !is_true.load(Relaxed) {
                // Relaxed: the kernel orders its look with its wake-ups by its own lock
                let sleeps = |(): &mut ()| word.load(Relaxed) / NOTIFIED == number;
                drop(asleep.wait_while(kernel.lock().unwrap(), sleeps).unwrap());
            }
        });
        s.spawn(|| {
            is_true.store(true, Relaxed); // Relaxed: the notification publishes it
            // Acquire: pairs with the sleeper, and comes too early
            if orders.is_some() || word.load(Acquire) % NOTIFIED > 0 {
                // Release: pairs with a sleeper that signs in later
                let before = word.fetch_add(NOTIFIED, notify);
                if before % NOTIFIED > 0 {
                    drop(kernel.lock().unwrap()); // who has looked is asleep
                    asleep.notify_all();
                }
            }
        });
    });
}
