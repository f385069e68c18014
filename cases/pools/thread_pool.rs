//! A pool's shutdown must let the queue run empty, wake every worker, and be said under the lock.
//!
//! Shape: workers take jobs from a locked queue and wait on a condition variable while it is
//! empty; the pool is closed while a job is queued. A worker that leaves as soon as the pool is
//! closed leaves jobs behind; a close that wakes one worker leaves another asleep; a close that is
//! said without the lock can fall between a worker's look and its sleep.
//!
//! Source: Butenhof, *Programming with POSIX Threads*, 1997, section 7.2 (work queue manager).
//! Does not show: a job that fails (`failing_job`); jobs are run under the lock here, for brevity.

use std::collections::VecDeque;

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// Closed under the lock, everybody woken, the queue run empty.
    drained: holds() => run(2, true, |pool| {
        let _held = pool.jobs.lock().unwrap();
        pool.open.store(false, Relaxed); // Relaxed: the lock orders it
        pool.changed.notify_all();
    });
    /// A worker that finds the pool closed leaves, and the job stays in the queue.
    queue_abandoned: fails(Assertion) => run(1, false, |pool| {
        let _held = pool.jobs.lock().unwrap();
        pool.open.store(false, Relaxed); // Relaxed: the lock orders it
        pool.changed.notify_all();
    });
    /// Both of two workers sleep, and one is woken.
    one_woken: fails(LostWakeup) => run(2, true, |pool| {
        let _held = pool.jobs.lock().unwrap();
        pool.open.store(false, Relaxed); // Relaxed: the lock orders it
        pool.changed.notify_one();
    });
    /// The pool is closed and all are woken between a worker's look and its sleep.
    closed_without_the_lock: fails(LostWakeup) => run(1, true, |pool| {
        pool.open.store(false, SeqCst); // SeqCst: to show that ordering does not help
        pool.changed.notify_all();
    });
}

struct Jobs {
    queue: VecDeque<u32>,
    done: Vec<u32>,
}

struct Pool {
    jobs: Mutex<Jobs>,
    open: AtomicBool,
    changed: Condvar,
}

impl Pool {
    fn work(&self, drain: bool) {
        let mut jobs = self.jobs.lock().unwrap();
        loop {
            let open = self.open.load(Relaxed); // Relaxed: the lock orders it
            match jobs.queue.pop_front().filter(|_| open || drain) {
                Some(job) => jobs.done.push(job),
                None if !open => return,
                None => jobs = self.changed.wait(jobs).unwrap(),
            }
        }
    }
}

fn run(workers: u32, drain: bool, close: fn(&Pool)) {
    let jobs = Mutex::new(Jobs { queue: VecDeque::from([7]), done: Vec::new() });
    let pool = Pool { jobs, open: AtomicBool::new(true), changed: Condvar::new() };
    thread::scope(|s| {
        for _ in 0..workers {
            s.spawn(|| pool.work(drain));
        }
        close(&pool);
    });
    assert_eq!(pool.jobs.into_inner().unwrap().done, [7], "a job was not run");
}
