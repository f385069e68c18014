//! Workers between a channel of jobs and a channel of results end when the senders are gone.
//!
//! Shape: each worker takes jobs from one channel until that is closed, and sends each result into
//! another; the caller adds the results up until it is told that no more can come. It is told so
//! only when every sender of results is dropped, so a caller that keeps one waits for itself, and so
//! does one that never closes the jobs. A caller that joins the workers before it takes their
//! results waits for workers who wait for room.
//!
//! Source: Go Blog, "Go Concurrency Patterns: Pipelines and cancellation", 2014 (the same in Go).
//! Does not show: in which order the results come; see `wait_group` for counting instead.

use super::rt::crossbeam::channel;
use super::rt::thread;

const JOBS: [u32; 2] = [2, 3];

cases! {
    /// The jobs are closed, so each of two workers ends and drops its sender of results.
    senders_dropped: holds().bounded(Loom, TooLarge) => collect(2, Closed::Before, false);
    /// The jobs are submitted, and closed, while a worker takes them.
    closed_meanwhile: holds() => collect(1, Closed::Meanwhile, false);
    /// The caller's own sender keeps the channel of results open.
    sender_kept: fails(Deadlock) => collect(2, Closed::Before, true);
    /// The jobs stay open: a worker waits for more, and its sender of results waits with it.
    jobs_left_open: fails(Deadlock) => collect(1, Closed::Never, false);
    /// Room for every result: the workers may be joined first.
    joined_with_room: holds() => join_then_collect(2);
    /// Room for one result: a worker waits for room, and the caller for the worker.
    joined_without_room: fails(Deadlock) => join_then_collect(1);
}

#[derive(Clone, Copy, PartialEq)]
enum Closed {
    Before,
    Meanwhile,
    Never,
}

fn work(jobs: channel::Receiver<u32>, results: channel::Sender<u32>) {
    for job in jobs.iter() {
        results.send(job * job).unwrap();
    }
}

fn submit_all(submit: &channel::Sender<u32>) {
    JOBS.into_iter().for_each(|job| submit.send(job).unwrap());
}

fn collect(workers: u32, closed: Closed, keep: bool) {
    let (submit, jobs) = channel::unbounded();
    let (results, collected) = channel::unbounded();
    let kept = keep.then(|| results.clone());
    let late = (closed != Closed::Before).then(|| submit.clone());
    if late.is_none() {
        submit_all(&submit);
    }
    drop(submit);
    thread::scope(|s| {
        for _ in 0..workers {
            let (jobs, results) = (jobs.clone(), results.clone());
            s.spawn(move || work(jobs, results));
        }
        drop((jobs, results));
        late.iter().for_each(submit_all);
        let open = late.filter(|_| closed == Closed::Never); // closed here if it is not to stay open
        assert_eq!(collected.iter().sum::<u32>(), 13);
        drop(open);
    });
    drop(kept);
}

fn join_then_collect(capacity: usize) {
    let (submit, jobs) = channel::unbounded();
    let (results, collected) = channel::bounded(capacity);
    submit_all(&submit);
    drop(submit);
    thread::scope(|s| {
        for (jobs, results) in [(jobs.clone(), results.clone()), (jobs, results)] {
            s.spawn(move || work(jobs, results));
        }
    });
    assert_eq!(collected.iter().sum::<u32>(), 13);
}
