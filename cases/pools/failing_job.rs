//! A job that fails must not take its worker along while others still wait for the queue.
//!
//! Shape: two jobs, each with a channel for its reply, in the queue of a pool with one worker; the
//! first job fails. A worker that goes on answers the second. If it dies, the second job's reply
//! channel stays in the queue: if the pool keeps the queue, its caller waits for ever; if the queue
//! goes with its last worker, the caller is told that no reply will come.
//!
//! Source: The Rust Programming Language, ch. 21 (a pool whose worker panics); crossbeam::channel,
//! documentation, section Disconnection.
//! Does not show: catching a panic; the failure is a value here.

use super::rt::crossbeam::channel::{self, Receiver, Sender};
use super::rt::thread;

cases! {
    /// The failure is a reply like any other.
    worker_goes_on: holds() => assert_eq!(ask(true, false), Some(Ok(2)));
    /// The second caller waits for a worker that is no more.
    worker_dies: fails(Deadlock) => ask(false, true);
    /// The queue is dropped with the worker, and the reply channels with the queue.
    queue_dies_as_well: holds() => assert_eq!(ask(false, false), None);
}

type Reply = Result<u32, ()>;

struct Job {
    result: Reply,
    /// Nobody waits for the first job.
    reply: Option<Sender<Reply>>,
}

/// What the caller of the second job gets.
fn ask(survives: bool, pool_keeps_queue: bool) -> Option<Reply> {
    let (submit, queue) = channel::unbounded();
    let (reply, replied) = channel::unbounded();
    submit.send(Job { result: Err(()), reply: None }).unwrap();
    submit.send(Job { result: Ok(2), reply: Some(reply) }).unwrap();
    drop(submit);
    let kept = pool_keeps_queue.then(|| queue.clone());
    thread::scope(|s| {
        s.spawn(move || work(queue, survives));
        let second = replied.recv().ok();
        drop(kept);
        second
    })
}

fn work(queue: Receiver<Job>, survives: bool) {
    for Job { result, reply } in queue.iter() {
        if let Some(reply) = reply {
            reply.send(result).unwrap();
        }
        if result.is_err() && !survives {
            return;
        }
    }
}
