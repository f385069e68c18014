//! A receiver behind a lock serves several workers, if each gives the lock back before it runs its job.
//!
//! Shape: `std`'s receiver cannot be cloned, so the workers of a pool share it under a mutex; each takes
//! the next job until the last sender is dropped. A guard in the condition of a `while let` lives to the
//! end of the body, so there a job runs under the lock, and no other worker gets one meanwhile. Jobs that
//! need nobody do not tell; jobs that wait for each other never end. A `let` of its own drops the guard.
//!
//! Source: The Rust Programming Language, section 21.2 (listing 21-21, and why the other one) and
//! section 21.3 (the sender is dropped); Rust Reference, section Temporary scopes.
//! Does not show: a job that panics under the lock, which poisons it for the other workers.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::sync::mpsc::{Receiver, channel};
use super::rt::sync::{Barrier, Mutex};
use super::rt::thread;

cases! {
    /// The guard is dropped at the end of the `let`: two jobs that wait for each other meet.
    let_first: holds() => meet(let_first);
    /// The guard lives as long as the job, and the second job stays in the channel.
    while_let: fails(Deadlock) => meet(while_let);
    /// A job that waits for nobody is run: a test with such jobs sees nothing.
    while_let_alone: holds() => count(while_let, false);
    /// The sender is dropped while one worker waits for a message, and the other one for the lock.
    sender_dropped: holds() => count(let_first, false);
    /// The pool's own sender is kept until the workers have ended.
    sender_kept: fails(Deadlock) => count(let_first, true);
}

type Job<'a> = Box<dyn FnOnce() + Send + 'a>;
type Work = fn(&Mutex<Receiver<Job>>);

fn let_first(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap().recv();
        let Ok(job) = next else { return };
        job();
    }
}

fn while_let(jobs: &Mutex<Receiver<Job>>) {
    while let Ok(job) = jobs.lock().unwrap().recv() {
        job();
    }
}

/// Two jobs that wait for each other.
fn meet(work: Work) {
    let barrier = Barrier::new(2);
    let (submit, jobs) = channel::<Job>();
    for _ in 0..2 {
        let meet = || {
            barrier.wait();
        };
        submit.send(Box::new(meet)).unwrap();
    }
    drop(submit);
    let jobs = Mutex::new(jobs);
    thread::scope(|s| (0..2).for_each(|_| drop(s.spawn(|| work(&jobs)))));
}

/// A job that is counted, submitted while the workers wait.
fn count(work: Work, keep: bool) {
    let done = AtomicU32::new(0);
    let (submit, jobs) = channel::<Job>();
    let jobs = Mutex::new(jobs);
    let mut submit = Some(submit);
    thread::scope(|s| {
        (0..2).for_each(|_| drop(s.spawn(|| work(&jobs))));
        let job = || {
            done.fetch_add(1, Relaxed); // Relaxed: the scope's end orders it
        };
        submit.as_ref().unwrap().send(Box::new(job)).unwrap();
        if !keep {
            submit.take();
        }
    });
    assert_eq!(done.load(Relaxed), 1, "a job was not run"); // Relaxed: as above
}
