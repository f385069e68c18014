//! A worker that leaves because of a flag must look into the queue once more.
//!
//! Shape: a worker waits for jobs with a time-out, so that it can look at a stop flag now and then.
//! A job is sent, and then the flag is raised. The worker's time is up before the job comes; it
//! looks at the flag after it went up, and leaves with the job in the queue. After the flag it has
//! to take what is there; or nobody needs a flag: the end of the senders says the same, after the
//! last job.
//!
//! Source: `std::sync::mpsc::Receiver::recv_timeout` documentation.
//! Does not show: jobs that are sent after the flag.

use core::time::Duration;

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::mpsc::{self, Receiver, RecvTimeoutError};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// It takes what is left, and leaves.
    takes_the_rest: holds()
        .slack("run: stop.load", "Relaxed", "RC11 has no load buffering, so the flag is not seen before the job is sent")
        .slack("run: stop.store", "Relaxed", "as above; no page promises that order of a channel")
        => run(|jobs| jobs.try_iter().sum());
    /// It leaves.
    leaves: fails(Assertion) => run(|_| 0);
    /// There is no flag to look at: the channel's end comes after the jobs.
    ends_with_senders: holds() => {
        let (sender, jobs) = mpsc::channel();
        let done = thread::scope(|s| {
            let worker = s.spawn(move || jobs.iter().sum::<u32>());
            sender.send(1).unwrap();
            drop(sender);
            worker.join().unwrap()
        });
        assert_eq!(done, 1);
    };
}

fn run(stopped: fn(&Receiver<u32>) -> u32) {
    let (sender, jobs) = mpsc::channel();
    let stop = &AtomicBool::new(false);
    let done = thread::scope(|s| {
        let worker = s.spawn(move || {
            let mut done = 0;
            loop {
                match jobs.recv_timeout(A_MOMENT) {
                    Ok(job) => done += job,
                    Err(RecvTimeoutError::Disconnected) => return done,
                    // Acquire: pairs with the raise, so that all jobs sent before are in the queue.
                    Err(RecvTimeoutError::Timeout) if stop.load(Acquire) => {
                        return done + stopped(&jobs);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
        });
        sender.send(1).unwrap();
        stop.store(true, Release); // Release: after the job; pairs with the worker's look
        drop(sender);
        worker.join().unwrap()
    });
    assert_eq!(done, 1, "a job was left in the queue");
}
