//! Who leaves a count must know whether somebody else has taken him out of it already.
//!
//! Shape: a pool counts its idle workers. Who has a job for one takes it out of the count at once,
//! before the worker wakes. A worker that finds the pool shut down leaves, and takes itself out. It
//! did not know whether it had just been given a job: then it is taken out twice, and the count of
//! idle workers is below zero.
//!
//! Source: tokio pull requests 7910, 7918 and 7922 (blocking pool).
//! Does not show: the jobs, nor a second worker, whose place in the count is the one that is missing.

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// As published: the worker that leaves takes itself out in any case.
    counted_out_twice: fails(Assertion) => shut_down_beside_job(false);
    /// As fixed: the worker remembers whether it is still counted.
    remembered: holds() => shut_down_beside_job(true);
}

struct Pool {
    idle: i32,
    jobs: u32,
    shut_down: bool,
}

fn shut_down_beside_job(remembers: bool) {
    let pool = Mutex::new(Pool { idle: 1, jobs: 0, shut_down: false });
    let changed = Condvar::new();
    thread::scope(|s| {
        s.spawn(|| {
            let idle = |pool: &mut Pool| pool.jobs == 0 && !pool.shut_down;
            let mut pool = changed.wait_while(pool.lock().unwrap(), idle).unwrap();
            let counted = pool.jobs == 0;
            if counted || pool.shut_down && !remembers {
                pool.idle -= 1;
            }
        });
        s.spawn(|| {
            let mut pool = pool.lock().unwrap();
            if pool.idle > 0 && !pool.shut_down {
                pool.idle -= 1;
                pool.jobs += 1;
                changed.notify_one();
            }
        });
        s.spawn(|| {
            pool.lock().unwrap().shut_down = true;
            changed.notify_all();
        });
    });
    assert_eq!(pool.lock().unwrap().idle, 0, "the worker was taken out twice");
}
