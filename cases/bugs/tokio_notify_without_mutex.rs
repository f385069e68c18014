//! A notification sent without the mutex of the condition can fall before the wait.
//!
//! Shape: a thread checks its condition under a mutex, and waits. Another makes the condition true
//! and notifies without taking that mutex, or with another one: it comes between check and wait,
//! and wakes nobody. Taking the mutex once between the change and the notification is enough.
//!
//! Source: tokio pull requests 2135 (broadcast: no mutex) and 8057 (blocking pool: the queue's
//! mutex in the place of the condition variable's).
//! Does not show: `notify_one` where several wait; it was a second flaw of the first.

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

/// Which mutex the notifying thread takes after the change.
type Which = fn(&[Mutex<()>; 2]) -> Option<&Mutex<()>>;

cases! {
    /// As published in the first: none.
    none: fails(LostWakeup) => notify(|_| None);
    /// As published in the second: one that the waiting thread does not hold.
    another: fails(LostWakeup) => notify(|[_, queue]| Some(queue));
    /// As fixed: the one that the waiting thread holds from check to wait.
    the_same: holds() => notify(|[condition, _]| Some(condition));
}

fn notify(which: Which) {
    let (mutexes, changed, ready) =
        ([(), ()].map(Mutex::new), Condvar::new(), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            let mut guard = mutexes[0].lock().unwrap();
            // Relaxed: the mutex orders it
            while !ready.load(Relaxed) {
                guard = changed.wait(guard).unwrap();
            }
        });
        s.spawn(|| {
            ready.store(true, Relaxed); // Relaxed: the mutex is to order it
            drop(which(&mutexes).map(|mutex| mutex.lock().unwrap()));
            changed.notify_one();
        });
    });
}
