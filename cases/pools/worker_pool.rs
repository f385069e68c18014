//! Workers between a channel of jobs and a channel of results end when the senders are gone.
//!
//! Shape: each worker takes a job from one channel and sends its result into another; the caller
//! adds the results up until the channel says that no more can come. It says so only when every
//! sender is dropped, so a caller that keeps one waits for itself. A caller that joins the workers
//! before it takes their results waits for workers who wait for room.
//!
//! Source: Go Blog, "Go Concurrency Patterns: Pipelines and cancellation", 2014 (the same in Go).
//! Does not show: in which order the results come; see `wait_group` for counting instead.

use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The worker holds the only sender of results.
    senders_dropped: holds() => collect(false);
    /// The caller's own sender keeps the channel open.
    sender_kept: fails(Deadlock) => collect(true);
    /// Room for every result: the workers may be joined first.
    joined_with_room: holds() => join_then_collect(2);
    /// Room for one result: a worker waits for room, and the caller for the worker.
    joined_without_room: fails(Deadlock) => join_then_collect(1);
}

fn jobs() -> channel::Receiver<u32> {
    let (submit, jobs) = channel::unbounded();
    submit.send(2).unwrap();
    submit.send(3).unwrap();
    jobs
}

fn work(jobs: &channel::Receiver<u32>, results: &channel::Sender<u32>) {
    let job = jobs.recv().unwrap();
    results.send(job * job).unwrap();
}

fn collect(keep: bool) {
    let (results, collected) = channel::unbounded();
    let jobs = jobs();
    let kept = keep.then(|| results.clone());
    thread::scope(|s| {
        s.spawn(move || work(&jobs, &results));
        assert_eq!(collected.iter().sum::<u32>(), 4);
    });
    drop(kept);
}

fn join_then_collect(capacity: usize) {
    let (results, collected) = channel::bounded(capacity);
    let jobs = jobs();
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| work(&jobs, &results));
        }
    });
    drop(results);
    assert_eq!(collected.iter().sum::<u32>(), 13);
}
