//! A pool runs jobs outside of its lock, and its shutdown drains the queue and wakes every worker.
//!
//! Shape: workers take boxed functions from a locked queue, wait on a condition variable while it
//! is empty, and give up the lock to run them: else one job runs at a time, and jobs that need each
//! other never end. The caller submits jobs and closes the pool. A worker that leaves as soon as the
//! pool is closed leaves jobs behind; a close that wakes one worker leaves another asleep; a close
//! that is said without the lock can fall between a worker's look and its sleep.
//!
//! Source: Butenhof, *Programming with POSIX Threads*, 1997, section 7.2 (work queue manager).
//! Does not show: a reply to whoever submitted a job (`failing_job`); a bound on the queue.

use std::collections::VecDeque;

use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::sync::{Barrier, Condvar, Mutex};
use super::rt::thread;

cases! {
    /// Closed under the lock, everybody woken, the queue run empty.
    drained: holds() => count_one(2, Run::Free, |pool| pool.close(Condvar::notify_all));
    /// Two jobs that wait for each other run at the same time, on two workers.
    run_in_parallel: holds() => meet(Run::Free);
    /// A worker that keeps the lock while it runs a job keeps the other from its own.
    run_under_the_lock: fails(Deadlock) => meet(Run::UnderTheLock);
    /// A worker that finds the pool closed leaves, and the job stays in the queue.
    queue_abandoned: fails(Assertion)
        => count_one(1, Run::Abandoned, |pool| pool.close(Condvar::notify_all));
    /// Both of two workers sleep, and one is woken.
    one_woken: fails(LostWakeup)
        => count_one(2, Run::Free, |pool| pool.close(Condvar::notify_one));
    /// The pool is closed and all are woken between a worker's look and its sleep.
    closed_without_the_lock: fails(LostWakeup) => count_one(1, Run::Free, |pool| {
        pool.open.store(false, SeqCst); // SeqCst: to show that ordering does not help
        pool.changed.notify_all();
    });
}

#[derive(Clone, Copy, PartialEq)]
enum Run {
    Free,
    UnderTheLock,
    /// Not any more when the pool is closed.
    Abandoned,
}

type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

struct Pool<'a> {
    jobs: Mutex<VecDeque<Job<'a>>>,
    open: AtomicBool,
    changed: Condvar,
}

impl<'a> Pool<'a> {
    fn submit(&self, job: Job<'a>) {
        self.jobs.lock().unwrap().push_back(job);
        self.changed.notify_one();
    }

    fn close(&self, notify: fn(&Condvar)) {
        let _held = self.jobs.lock().unwrap();
        self.open.store(false, Relaxed); // Relaxed: the lock orders it
        notify(&self.changed);
    }

    fn work(&self, run: Run) {
        let mut jobs = self.jobs.lock().unwrap();
        loop {
            let open = self.open.load(Relaxed); // Relaxed: the lock orders it
            let next = if open || run != Run::Abandoned { jobs.pop_front() } else { None };
            match next {
                Some(job) if run == Run::UnderTheLock => job(),
                Some(job) => {
                    drop(jobs);
                    job();
                    jobs = self.jobs.lock().unwrap();
                }
                None if !open => return,
                None => jobs = self.changed.wait(jobs).unwrap(),
            }
        }
    }
}

/// Submits a job to the workers and closes the pool; the job must have been run in the end.
fn count_one(workers: u32, how: Run, close: fn(&Pool)) {
    let (done, changed) = (AtomicU32::new(0), Condvar::new());
    let pool = Pool { jobs: Mutex::new(VecDeque::new()), open: AtomicBool::new(true), changed };
    thread::scope(|s| {
        (0..workers).for_each(|_| drop(s.spawn(|| pool.work(how))));
        pool.submit(Box::new(|| {
            done.fetch_add(1, Relaxed); // Relaxed: the scope's end orders it
        }));
        close(&pool);
    });
    drop(pool);
    assert_eq!(done.into_inner(), 1, "a job was not run");
}

/// Two jobs that wait for each other are in the queue of a pool that is closed already.
fn meet(how: Run) {
    let barrier = Barrier::new(2);
    let meet = || {
        barrier.wait();
    };
    let jobs: [Job; 2] = [Box::new(meet), Box::new(meet)];
    let (jobs, changed) = (Mutex::new(VecDeque::from(jobs)), Condvar::new());
    let pool = Pool { jobs, open: AtomicBool::new(false), changed };
    thread::scope(|s| (0..2).for_each(|_| drop(s.spawn(|| pool.work(how)))));
}
