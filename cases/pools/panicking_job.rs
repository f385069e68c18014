//! A job that panics must be caught by its worker, or the jobs behind it are never run.
//!
//! Shape: the one worker of a pool takes boxed functions from a channel until it is closed, and the
//! first of two panics. A worker that catches it ends the job and takes the next. If it does not,
//! the panic ends the worker; the second job stays in the channel, and who joins the worker panics
//! in turn. What the job has left half done is its owner's to mend, as with `poisoned_lock`.
//!
//! Source: Rust std, `panic::catch_unwind`; The Rust Programming Language, ch. 21 (a pool).
//! Does not show: a process that aborts when it panics, in which nothing can be caught.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::rt::crossbeam::channel::{self, Receiver};
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// The worker catches the panic and goes on. For loom and shuttle a panic ends the execution,
    /// caught or not.
    caught: holds()
        .alarms(Loom, NotModelled)
        .alarms(Shuttle, NotModelled)
        => run_both(|jobs| jobs.iter().for_each(|job| drop(catch_unwind(AssertUnwindSafe(job)))));
    /// The panic ends the worker.
    uncaught: fails(Assertion) => run_both(|jobs| jobs.iter().for_each(|job| job()));
}

type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

fn run_both(work: fn(Receiver<Job>)) {
    let done = AtomicU32::new(0);
    let (submit, jobs) = channel::unbounded::<Job>();
    thread::scope(|s| {
        s.spawn(move || work(jobs));
        let fails: Job = Box::new(|| panic!("the first job fails"));
        let counts: Job = Box::new(|| {
            done.fetch_add(1, Relaxed); // Relaxed: the scope's end orders it
        });
        [fails, counts].into_iter().for_each(|job| drop(submit.send(job)));
        drop(submit);
    });
    assert_eq!(done.into_inner(), 1, "the second job was not run");
}
