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

    /// What there is.
    fn read(&self) -> usize {
        // SAFETY: the caller holds the lock, and others only read.
        self.0.with(|n| unsafe { *n })
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

/// Two of the engine's mutexes, taken in the same order by all.
pub fn lock_pair(n: usize) -> Vec<usize> {
    let pair = Arc::new((Mutex::new(0), Mutex::new(0)));
    threads(n, move |_| {
        let mut outer = pair.0.lock().expect("nobody panics with it");
        let mut inner = pair.1.lock().expect("nobody panics with it");
        *outer += 1;
        *inner += *outer;
        *inner
    })
}

/// Test-and-set: swaps until it finds the lock free.
pub fn tas_lock(n: usize) -> Vec<usize> {
    let (lock, counter) = (atomics(1, 0), Counter::new());
    threads(n, move |_| {
        while lock[0].swap(1, Acquire) == 1 {
            spin_loop();
        }
        let place = counter.count();
        lock[0].store(0, Release);
        place
    })
}

/// Test-and-test-and-set: looks until the lock is free, and then swaps.
pub fn ttas_lock(n: usize) -> Vec<usize> {
    let (lock, counter) = (atomics(1, 0), Counter::new());
    threads(n, move |_| {
        loop {
            while lock[0].load(Relaxed) == 1 {
                spin_loop();
            }
            if lock[0].swap(1, Acquire) == 0 {
                break;
            }
        }
        let place = counter.count();
        lock[0].store(0, Release);
        place
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

/// The queue lock of Craig (1993) and of Landin and Hagersten (1994): a thread waits for the node of the one before.
pub fn clh_lock(n: usize) -> Vec<usize> {
    let (tail, busy, counter) = (atomics(1, 0), atomics(n + 1, 0), Counter::new());
    threads(n, move |t| {
        let me = t + 1;
        busy[me].store(1, Relaxed);
        let before = tail[0].swap(me, AcqRel);
        while busy[before].load(Acquire) == 1 {
            spin_loop();
        }
        let place = counter.count();
        busy[me].store(0, Release);
        place
    })
}

/// One thread writes two words under a sequence number; the others read them until the number says that they belong together.
pub fn seqlock(n: usize) -> Vec<usize> {
    let (sequence, data) = (atomics(1, 0), atomics(2, 0));
    threads(n, move |t| {
        if t == 0 {
            sequence[0].store(1, Relaxed);
            fence(Release);
            data.iter().for_each(|word| word.store(1, Relaxed));
            sequence[0].store(2, Release);
            return 0;
        }
        loop {
            let before = sequence[0].load(Acquire);
            let read = (data[0].load(Relaxed), data[1].load(Relaxed));
            fence(Acquire);
            if before % 2 == 0 && sequence[0].load(Relaxed) == before {
                assert_eq!(read.0, read.1);
                return read.0;
            }
            spin_loop();
        }
    })
}

/// The kernel's old readers-writer lock in one word, taken by those who give up after two tries: the first thread writes, the others read.
pub fn linux_rwlock(n: usize) -> Vec<usize> {
    const FREE: usize = 1 << 20;
    let (lock, counter) = (atomics(1, FREE), Counter::new());
    threads(n, move |t| {
        let mine = if t == 0 { FREE } else { 1 };
        for _ in 0..2 {
            let before = lock[0].fetch_sub(mine, Acquire) as isize;
            if t == 0 && before == FREE as isize || t > 0 && before > 0 {
                let found = if t == 0 { counter.count() } else { counter.read() };
                lock[0].fetch_add(mine, Release);
                return found;
            }
            lock[0].fetch_add(mine, Relaxed);
        }
        n
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
