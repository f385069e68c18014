//! A task that waits for its own subtask must not keep the worker that the subtask needs.
//!
//! Shape: a pool's workers are the permits of a semaphore; a task takes one, starts a subtask that
//! takes one, and joins it. With one worker the task waits for a subtask that cannot start. More
//! workers only need more tasks at one time. Giving the worker back while waiting (or running the
//! subtask itself) is right for any number.
//!
//! Source: Blumofe and Leiserson, JACM 46(5), 1999 (fork–join); rayon's docs, `join`.
//! Does not show: stealing, by which a waiting worker runs other tasks; see the deques.

use super::rt::sync::Semaphore;
use super::rt::thread;

cases! {
    /// The only worker waits for a subtask that nobody can run: botan pull request 5874.
    one_worker_waits: fails(Deadlock) => run(1, 1, false);
    /// A second worker runs it.
    spare_worker: holds() => run(2, 1, false);
    /// Two tasks keep both workers.
    no_spare_left: fails(Deadlock) => run(2, 2, false);
    /// The worker is free while its task waits.
    worker_given_back: holds() => run(1, 1, true);
}

fn run(workers: usize, tasks: usize, give_back: bool) {
    let pool = Semaphore::new(workers);
    thread::scope(|s| {
        for _ in 0..tasks {
            s.spawn(|| assert_eq!(sum(&pool, give_back), 3));
        }
    });
}

/// Adds 1 and 2, the 2 by a subtask.
fn sum(pool: &Semaphore, give_back: bool) -> u32 {
    let worker = pool.acquire();
    thread::scope(|s| {
        let subtask = s.spawn(|| {
            let _worker = pool.acquire();
            2
        });
        let waiting = (!give_back).then_some(worker); // else given back here
        let sum = 1 + subtask.join().unwrap();
        drop(waiting);
        sum
    })
}
