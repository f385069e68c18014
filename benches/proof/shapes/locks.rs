//! Locks that guard a plain counter: what a thread finds in it is its place in the order.

use std::sync::Arc;

use super::rt::cell::UnsafeCell;
use super::rt::hint::spin_loop;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use super::rt::sync::atomic::fence;
use super::{atomics, threads};

/// A counter that only the holder of a lock may touch.
struct Counter(UnsafeCell<usize>);

// SAFETY: every shape below counts only while it holds its lock.
unsafe impl Send for Counter {}
// SAFETY: as above.
unsafe impl Sync for Counter {}

impl Counter {
    fn new() -> Arc<Self> {
        Arc::new(Counter(UnsafeCell::new(0)))
    }

    /// Adds one; returns what there was.
    fn count(&self) -> usize {
        self.0.with_mut(|n| {
            // SAFETY: the caller holds the lock.
            unsafe {
                *n += 1;
                *n - 1
            }
        })
    }
}

/// The engine's own mutex.
pub fn mutex(n: usize) -> Vec<usize> {
    let count = Arc::new(Mutex::new(0));
    threads(n, move |_| {
        let mut count = count.lock().expect("nobody panics with it");
        *count += 1;
        *count
    })
}

/// A ticket each, served in turn.
pub fn ticket_lock(n: usize) -> Vec<usize> {
    let (lock, counter) = (atomics(2, 0), Counter::new());
    threads(n, move |_| {
        let ticket = lock[0].fetch_add(1, Relaxed);
        while lock[1].load(Acquire) != ticket {
            spin_loop();
        }
        let place = counter.count();
        lock[1].store(ticket + 1, Release);
        place
    })
}

/// The queue lock of Mellor-Crummey and Scott (1991); a thread's node is its number plus one.
pub fn mcs_lock(n: usize) -> Vec<usize> {
    let (tail, next, locked) = (atomics(1, 0), atomics(n + 1, 0), atomics(n + 1, 0));
    let counter = Counter::new();
    threads(n, move |t| {
        let me = t + 1;
        locked[me].store(1, Relaxed);
        let before = tail[0].swap(me, AcqRel);
        if before != 0 {
            next[before].store(me, Release);
            while locked[me].load(Acquire) == 1 {
                spin_loop();
            }
        }
        let place = counter.count();
        if tail[0].compare_exchange(me, 0, AcqRel, Relaxed).is_err() {
            while next[me].load(Acquire) == 0 {
                spin_loop();
            }
            locked[next[me].load(Relaxed)].store(0, Release);
        }
        place
    })
}

/// Peterson's entry protocol (1981), tried `n - 1` times by each of two threads that give up instead of waiting.
pub fn peterson(n: usize) -> Vec<usize> {
    let (flags, turn, counter) = (atomics(2, 0), atomics(1, 0), Counter::new());
    threads(2, move |t| {
        let mut entered = 0;
        for _ in 1..n {
            flags[t].store(1, Relaxed);
            turn[0].swap(1 - t, AcqRel);
            fence(SeqCst);
            if flags[1 - t].load(Acquire) == 0 || turn[0].load(Acquire) == t {
                counter.count();
                entered += 1;
            }
            flags[t].store(0, Release);
        }
        entered
    })
}
