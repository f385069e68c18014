//! Who waits for a pool's jobs must be told of each one that ends, also if it ends by a panic.
//!
//! Shape: a pool counts its jobs when they are submitted and takes one off when one has ended; somebody
//! waits for zero. A worker that catches a panic lives on, but what it does after the job in the same
//! closure is not done. A guard takes the job off when it is dropped, and a panic drops it. A job that has
//! a sender for its reply drops that when it panics, which its caller sees, unless another sender is kept.
//!
//! Source: `threadpool` crate, its `Sentinel` (a guard that is dropped when a job panics); Rust std,
//! `panic::catch_unwind`; Rust Reference, section Destructors.
//! Does not show: a worker that ends by the panic (`panicking_job`); what the job left half done.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::rt::crossbeam::channel::{Sender, unbounded};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// The guard takes the job off while its panic passes. For loom and shuttle a panic ends the
    /// execution, caught or not.
    guard: holds().alarms(Loom, NotModelled).alarms(Shuttle, NotModelled) => wait_for_all(|pending| {
        let _off = Off(pending);
        panic!("the job fails");
    });
    /// What follows the job is not reached.
    after_the_job: fails(Deadlock).reports(Loom, Assertion)
        => wait_for_all(|pending| {
            fail();
            pending.take_off();
        });
    /// The caller is told that no reply will come.
    reply_dropped: holds().alarms(Loom, NotModelled).alarms(Shuttle, NotModelled)
        => wait_for_reply(false);
    /// The pool has a sender too, and the caller waits for it.
    reply_kept: fails(Deadlock).reports(Loom, Assertion)
        => wait_for_reply(true);
}

struct Pending {
    jobs: Mutex<u32>,
    changed: Condvar,
}

impl Pending {
    fn take_off(&self) {
        *self.jobs.lock().unwrap() -= 1;
        self.changed.notify_all();
    }
}

struct Off<'a>(&'a Pending);

impl Drop for Off<'_> {
    fn drop(&mut self) {
        self.0.take_off();
    }
}

fn fail() {
    panic!("the job fails");
}

/// What a worker does that outlives its jobs.
fn run(job: impl FnOnce()) {
    let _failed = catch_unwind(AssertUnwindSafe(job));
}

fn wait_for_all(job: fn(&Pending)) {
    let pending = Pending { jobs: Mutex::new(1), changed: Condvar::new() };
    thread::scope(|s| {
        s.spawn(|| run(|| job(&pending)));
        let jobs = pending.jobs.lock().unwrap();
        drop(pending.changed.wait_while(jobs, |jobs| *jobs > 0).unwrap());
    });
}

fn wait_for_reply(keep: bool) {
    let (reply, replied) = unbounded::<u32>();
    let kept: Option<Sender<u32>> = keep.then(|| reply.clone());
    thread::scope(|s| {
        s.spawn(|| {
            run(move || {
                fail();
                reply.send(1).unwrap();
            })
        });
        assert!(replied.recv().is_err(), "nobody has replied");
    });
    drop(kept);
}
