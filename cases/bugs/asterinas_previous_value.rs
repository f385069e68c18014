//! `fetch_sub` returns what was there before: compared with what should be there now, it is never equal.
//!
//! Shape: the guard of an upgradable lock is dropped. It takes its mark out of the lock word, and if
//! the word is then zero wakes who waits. The word was compared with zero as `fetch_sub` had returned it,
//! with the mark still in it, so nobody was ever woken: a writer that had come meanwhile slept on
//! beside a free lock. Nothing of it shows as long as no writer waits.
//!
//! Source: asterinas issue 1303, 2024 (`RwMutexUpgradeableGuard`).
//! Does not show: readers; the upgrade.

use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

const UPGRADABLE: usize = 2;
const WRITER: usize = 1;

cases! {
    /// As published: the last value is compared with zero.
    compares_with_zero: fails(Deadlock) => write_behind(|before| before == 0);
    /// As fixed.
    compares_with_mark: holds() => write_behind(|before| before == UPGRADABLE);
}

fn write_behind(is_free_now: fn(usize) -> bool) {
    let (word, queue, woken) = (AtomicUsize::new(UPGRADABLE), Mutex::new(()), Condvar::new());
    thread::scope(|s| {
        s.spawn(|| {
            let before = word.fetch_sub(UPGRADABLE, Relaxed); // Relaxed: nothing is protected here
            if is_free_now(before) {
                drop(queue.lock().unwrap()); // who has looked is asleep
                woken.notify_all();
            }
        });
        s.spawn(|| {
            // Relaxed: the queue's lock is taken after the word has changed
            let take = || word.compare_exchange(0, WRITER, Relaxed, Relaxed).is_ok();
            drop(woken.wait_while(queue.lock().unwrap(), |()| !take()).unwrap());
        });
    });
}
