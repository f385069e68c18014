//! Whether a waiter got the lock, and its leaving the queue, have to be one step.
//!
//! Shape: a lock that is let go belongs at once to the first in the queue. A waiter whose time is
//! up looks whether the lock is its own; it is not, so it takes itself out of the queue and reports
//! that it has no lock. Between the look and the leaving the holder lets go: the lock is given to
//! who is about to leave, and belongs to a thread that does not know. All who come later wait for
//! ever.
//!
//! Source: StarRocks issue 54125 and pull request 54124 (LockManager, 2024).
//! Does not show: shared locks; detection of deadlocks.

use core::time::Duration;
use std::collections::VecDeque;

use super::rt::sync::{Condvar, Mutex, MutexGuard};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// As published: it looks, and leaves later.
    looks_then_leaves: fails(LostWakeup) => give_up_while_handed_over(false);
    /// As fixed: it looks once more when it leaves.
    looks_as_it_leaves: holds() => give_up_while_handed_over(true);
}

#[derive(Default)]
struct Queue {
    owner: Option<u32>,
    waiting: VecDeque<u32>,
}

struct Lock {
    queue: Mutex<Queue>,
    given: Condvar,
    fixed: bool,
}

impl Lock {
    fn enqueue(&self, me: u32) -> MutexGuard<'_, Queue> {
        let mut queue = self.queue.lock().unwrap();
        match queue.owner {
            None => queue.owner = Some(me),
            Some(_) => queue.waiting.push_back(me),
        }
        queue
    }

    fn lock(&self, me: u32) {
        drop(self.given.wait_while(self.enqueue(me), |queue| queue.owner != Some(me)).unwrap());
    }

    fn lock_in_time(&self, me: u32) -> bool {
        let others = |queue: &mut Queue| queue.owner != Some(me);
        let waited = self.given.wait_timeout_while(self.enqueue(me), A_MOMENT, others);
        let (queue, result) = waited.unwrap();
        if !result.timed_out() {
            return true;
        }
        drop(queue);
        let mut queue = self.queue.lock().unwrap();
        if self.fixed && queue.owner == Some(me) {
            return true;
        }
        queue.waiting.retain(|waiter| *waiter != me);
        false
    }

    fn unlock(&self) {
        let mut queue = self.queue.lock().unwrap();
        queue.owner = queue.waiting.pop_front();
        self.given.notify_all();
    }
}

fn give_up_while_handed_over(fixed: bool) {
    let lock = Lock { queue: Mutex::new(Queue::default()), given: Condvar::new(), fixed };
    lock.lock(0);
    thread::scope(|s| {
        s.spawn(|| {
            if lock.lock_in_time(1) {
                lock.unlock();
            }
        });
        lock.unlock();
    });
    lock.lock(2);
}
