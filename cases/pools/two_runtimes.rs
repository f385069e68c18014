//! Two pools that wait for each other's work need a worker to spare; who awaits gives its worker back.
//!
//! Shape: a task of an asynchronous runtime hands work to a pool for computing, and that work waits for
//! another task of the runtime. The workers of each are permits. A task that blocks keeps the runtime's
//! only worker from the task that the pool waits for. If it awaits, its worker goes on with others; if it says
//! that it will block, the runtime starts another worker. A job that blocks keeps its pool's worker in the same way.
//!
//! Source: tokio documentation, `task` (CPU-bound tasks and blocking code) and `task::block_in_place`;
//! rayon documentation, `join` (Warning about blocking I/O); turborepo pull request 12253, 2026.
//! Does not show: stealing, by which a waiting worker of Rayon's runs other jobs of its own pool.

use super::rt::sync::Semaphore;
use super::rt::thread;

cases! {
    /// The task blocks on the job, and the job on a task.
    both_block: fails(Deadlock) => serve(1, Wait::Blocks, Job::AsksOnce);
    /// The task awaits the job, so the worker is free for what the job waits for.
    task_awaits: holds() => serve(1, Wait::Awaits, Job::AsksOnce);
    /// The runtime is told, and another worker takes over.
    handed_over: holds() => serve(1, Wait::HandsOver, Job::AsksOnce);
    /// A worker to spare is enough for one such task.
    spare_worker: holds() => serve(2, Wait::Blocks, Job::AsksOnce);
    /// The task awaits, but what the job waits for needs the pool again.
    job_blocks_its_pool: fails(Deadlock) => serve(1, Wait::Awaits, Job::AsksForMore);
    /// The job ends where it would wait, and what is left of it is another job.
    job_in_two: holds() => serve(1, Wait::Awaits, Job::InTwo);
}

enum Wait {
    Blocks,
    Awaits,
    HandsOver,
}

enum Job {
    /// Waits for a task.
    AsksOnce,
    /// Waits for a task that waits for another job.
    AsksForMore,
    /// Leaves the waiting to the runtime.
    InTwo,
}

/// A task that has the pool compute something.
fn serve(workers: usize, wait: Wait, job: Job) {
    let (runtime, pool) = (Semaphore::new(workers), Semaphore::new(1));
    let worker = runtime.acquire();
    thread::scope(|s| {
        let job = s.spawn(|| compute(&runtime, &pool, job));
        let blocked = match wait {
            Wait::Blocks => Some(worker),
            Wait::Awaits => {
                drop(worker);
                None
            }
            Wait::HandsOver => {
                runtime.add_permits(1);
                Some(worker)
            }
        };
        job.join().unwrap();
        drop(blocked);
    });
}

/// A job of the pool that needs something which a task of the runtime gets.
fn compute(runtime: &Semaphore, pool: &Semaphore, job: Job) {
    let worker = pool.acquire();
    let in_two = matches!(job, Job::InTwo);
    let blocked = (!in_two).then_some(worker); // else given back here: the first half is done
    thread::scope(|s| {
        s.spawn(|| {
            let worker = runtime.acquire();
            if matches!(job, Job::AsksForMore) {
                drop(worker); // it awaits
                drop(pool.acquire());
            }
        });
    });
    if in_two {
        drop(pool.acquire()); // the second half
    }
    drop(blocked);
}
