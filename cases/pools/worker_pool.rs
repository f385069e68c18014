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
    /// The jobs are closed, so the worker ends and drops the only sender of results.
    senders_dropped: holds() => collect(true, false);
    /// The caller's own sender keeps the channel of results open.
    sender_kept: fails(Deadlock) => collect(true, true);
    /// The jobs stay open: the worker waits for more, and its sender of results waits with it.
    jobs_left_open: fails(Deadlock) => collect(false, false);
    /// The jobs are submitted, and closed, while the worker takes them.
    closed_meanwhile: holds() => join_then_collect(1, 2, true);
    /// Room for every result: the two workers may be joined first.
    joined_with_room: holds() => join_then_collect(2, 2, false);
    /// Room for one result: a worker waits for room, and the caller for the worker.
    joined_without_room: fails(Deadlock) => join_then_collect(2, 1, false);
}

fn work(jobs: channel::Receiver<u32>, results: channel::Sender<u32>) {
    for job in jobs.iter() {
        results.send(job * job).unwrap();
    }
}

/// Submits every job; the channel of jobs is closed when its sender is dropped.
fn submit_all(submit: &channel::Sender<u32>) {
    JOBS.into_iter().for_each(|job| submit.send(job).unwrap());
}

fn collect(close: bool, keep: bool) {
    let (submit, jobs) = channel::unbounded();
    let (results, collected) = channel::unbounded();
    submit_all(&submit);
    let open = (!close).then_some(submit);
    let kept = keep.then(|| results.clone());
    thread::scope(|s| {
        s.spawn(move || work(jobs, results));
        assert_eq!(collected.iter().sum::<u32>(), 13);
    });
    drop((open, kept));
}

fn join_then_collect(workers: usize, room: usize, meanwhile: bool) {
    let (submit, jobs) = channel::unbounded();
    let (results, collected) = channel::bounded(room);
    let mut submit = Some(submit);
    if !meanwhile {
        submit.take().iter().for_each(submit_all);
    }
    let each = vec![(jobs, results); workers];
    thread::scope(|s| {
        for (jobs, results) in each {
            s.spawn(move || work(jobs, results));
        }
        submit.into_iter().for_each(|submit| submit_all(&submit));
    });
    assert_eq!(collected.iter().sum::<u32>(), 13);
}
