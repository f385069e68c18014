//! A `select` takes one of those that are ready, and what is on the others stays where it is.
//!
//! Shape: a worker selects from its jobs and a stop message. Both may be there at once, and then
//! any may be selected: that the job was sent first is nothing to a `select`. So a worker that is
//! told to stop looks for jobs that were there before. And one whose time is up has taken nothing:
//! a job that comes after that is for somebody else.
//!
//! Source: crossbeam::channel::Select, documentation; xaynet pull request 577 (2020, a message
//! dropped as a delay ended).
//! Does not show: operations that send; how fair the choice is.

use core::time::Duration;

use super::rt::crossbeam::channel::{Receiver, Select, unbounded};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// The index that is selected, of two that are ready.
    any_of_two: observes()
        .required([0, 1])
        .skips(Loom, NoInputs)
        => {
            let [(first, left), (second, right)] = [unbounded(), unbounded()];
            thread::both(|| first.send(1).unwrap(), || second.send(2).unwrap());
            let mut select = Select::new();
            select.recv(&left);
            select.recv(&right);
            let selected = select.select();
            let index = selected.index();
            // Each message is taken from its own channel.
            assert_eq!(selected.recv([&left, &right][index]).unwrap(), index + 1);
            assert_eq!(left.len() + right.len(), 1);
            index
        };
    /// Told to stop, it takes what is left.
    takes_the_rest: holds()
        .skips(Loom, NoInputs)
        => job_then_stop(|jobs| jobs.try_iter().sum());
    /// It stops, though the job was sent before.
    stops_at_once: fails(Assertion)
        .skips(Loom, NoInputs)
        => job_then_stop(|_| 0);
    /// Whose time is up has taken nothing.
    timed: holds() => job_or_time_out(|jobs| jobs.recv().unwrap());
    /// Whose time is up looks for a job once more, and finds none.
    timed_out_for_good: fails(Assertion) => job_or_time_out(|jobs| jobs.try_recv().unwrap_or(0));
}

fn job_then_stop(stop: fn(&Receiver<u32>) -> u32) {
    let ((job, jobs), (stopped, stops)) = (unbounded(), unbounded::<()>());
    let done = thread::scope(|s| {
        let worker = s.spawn(move || {
            let mut select = Select::new();
            let job = select.recv(&jobs);
            select.recv(&stops);
            let selected = select.select();
            if selected.index() == job {
                return selected.recv(&jobs).unwrap();
            }
            selected.recv(&stops).unwrap();
            stop(&jobs)
        });
        job.send(1).unwrap();
        // A worker that has taken the job is gone.
        _ = stopped.send(());
        worker.join().unwrap()
    });
    assert_eq!(done, 1, "the job was there, and is not done");
}

fn job_or_time_out(out_of_time: fn(&Receiver<u32>) -> u32) {
    let (job, jobs) = unbounded();
    let done = thread::scope(|s| {
        s.spawn(move || job.send(1).unwrap());
        let mut select = Select::new();
        select.recv(&jobs);
        match select.select_timeout(A_MOMENT) {
            Ok(selected) => selected.recv(&jobs).unwrap(),
            Err(_) => out_of_time(&jobs),
        }
    });
    assert_eq!(done, 1, "the job is not done");
}
