//! Code that is called under a lock may come back for the lock, by way of work stealing.
//!
//! Shape: an iterator is shared under a mutex. Its `next` runs under the mutex, and starts parallel
//! work itself; while that thread waits for the work, it steals another job, which is a further
//! split of the same iterator, and locks the mutex that its own thread holds. A mark per thread,
//! "I am inside", lets the stolen split do nothing instead.
//!
//! Source: rayon commit 168d5a7c (par_bridge).
//! Does not show: stealing; the job is called where it would be stolen.

use std::cell::Cell;

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// As published: the stolen split locks.
    locks_again: fails(Deadlock) => bridge(false);
    /// As fixed: the split sees that its thread is inside already.
    marked: holds() => bridge(true);
}

/// Takes items; `inside` belongs to the thread.
fn split(iterator: &Mutex<u32>, inside: &Cell<bool>, marked: bool) {
    if marked && inside.get() {
        return;
    }
    let mut next = iterator.lock().unwrap();
    let stolen = !inside.replace(true) && *next == 0;
    *next += 1;
    if stolen {
        split(iterator, inside, marked);
    }
    inside.set(false);
}

fn bridge(marked: bool) {
    let iterator = Mutex::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| split(&iterator, &Cell::new(false), marked));
        }
    });
    assert_eq!(iterator.into_inner().unwrap(), 2);
}
