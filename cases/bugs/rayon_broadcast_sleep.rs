//! The last look before going to sleep must cover every queue that others can push to.
//!
//! Shape: a worker looks for work once more, under the lock, before it sleeps. It looked at the
//! global queue only, and not at its own one for broadcast jobs. Who pushed there and notified
//! before the worker slept has woken nobody, and the job waits for the next wake-up.
//!
//! Source: rayon commit be12615b (rayon-core, broadcast).
//! Does not show: the job; that somebody sleeps on it is enough.

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// As published.
    global_queue_only: fails(LostWakeup) => broadcast_to_sleeper(false);
    /// As fixed.
    both_queues: holds() => broadcast_to_sleeper(true);
}

fn broadcast_to_sleeper(look_at_own: bool) {
    let (own_queue, sleepers, wake) = (AtomicBool::new(false), Mutex::new(()), Condvar::new());
    let global_queue = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            let guard = sleepers.lock().unwrap();
            // Relaxed: the lock orders it
            let work = global_queue.load(Relaxed) || look_at_own && own_queue.load(Relaxed);
            if !work {
                drop(wake.wait(guard).unwrap());
            }
        });
        s.spawn(|| {
            own_queue.store(true, Relaxed); // Relaxed: the lock orders it
            drop(sleepers.lock().unwrap());
            wake.notify_all();
        });
    });
}
