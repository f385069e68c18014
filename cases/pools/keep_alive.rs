//! An idle worker that leaves must look for a job as it leaves, or one is left to nobody.
//!
//! Shape: a pool has one worker, which leaves when it has been idle for a while. Who has a job
//! sends it if there is a worker, and starts one if not. The worker's time is up; before it is out
//! of the count, a job is sent to it. Sending and leaving have to exclude each other, and the
//! worker has to look into the channel once more when it is about to leave.
//!
//! Source: Java SE 21 documentation, 2023, `ThreadPoolExecutor` (keep-alive times); tokio,
//! `runtime/blocking/pool.rs` (version 1.54).
//! Does not show: several workers; how the pool is shut down.

use core::time::Duration;

use super::rt::crossbeam::channel::{self, Receiver, RecvTimeoutError};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// It leaves with an empty channel behind it.
    looks_as_it_leaves: holds() => submit_to_idle(|workers, jobs| {
        let mut workers = workers.lock().unwrap();
        let job = jobs.try_recv().ok();
        *workers -= u32::from(job.is_none());
        job
    });
    /// It takes its time-out for proof that there is no job.
    leaves: fails(Assertion) => submit_to_idle(|workers, _| {
        *workers.lock().unwrap() -= 1;
        None
    });
    /// It looks before it takes itself out of the count, and the job comes in between.
    looks_too_early: fails(Assertion) => submit_to_idle(|workers, jobs| {
        let job = jobs.try_recv().ok();
        *workers.lock().unwrap() -= u32::from(job.is_none());
        job
    });
}

/// What a worker does whose time is up: it leaves, or has one more job.
type Leave = fn(&Mutex<u32>, &Receiver<u32>) -> Option<u32>;

fn submit_to_idle(leave: Leave) {
    let (workers, done) = (Mutex::new(1), AtomicU32::new(0));
    let (sender, jobs) = channel::unbounded();
    // Relaxed: the number is looked at when all have ended.
    let run = |job| _ = done.fetch_add(job, Relaxed);
    thread::scope(|s| {
        s.spawn(|| {
            loop {
                match jobs.recv_timeout(A_MOMENT) {
                    Ok(job) => run(job),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => match leave(&workers, &jobs) {
                        Some(job) => run(job),
                        None => return,
                    },
                }
            }
        });
        let workers = workers.lock().unwrap();
        match *workers {
            0 => run(1), // stands for a new worker
            _ => sender.send(1).unwrap(),
        }
        drop(workers);
        drop(sender);
    });
    assert_eq!(done.load(Relaxed), 1, "the job is left to nobody"); // Relaxed: the scope has joined all
}
