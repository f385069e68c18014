//! Dropping somebody else's value under a lock runs somebody else's code under it.
//!
//! Shape: re-entrancy. A scheduler drains its queue under the queue's lock and drops the tasks
//! there. A task's drop wakes another task, which pushes to the same queue: it waits for the lock
//! that its own thread holds. What is taken out must be dropped after the lock is given up.
//!
//! Source: tokio pull request 2082 (scheduler); the same with wakers dropped under the lock of a
//! semaphore: tokio issue 5429.
//! Does not show: two threads; one is enough, and the lock is not recursive.

use super::rt::sync::{Arc, Mutex};
use super::rt::thread;

cases! {
    /// As published: the task is dropped under the lock.
    dropped_under_lock: fails(Deadlock) => shut_down(|queue| queue.lock().unwrap().clear());
    /// As fixed: taken out under the lock, dropped after it.
    dropped_after_lock: holds() => shut_down(|queue| {
        let tasks = std::mem::take(&mut *queue.lock().unwrap());
        drop(tasks);
    });
}

type Queue = Arc<Mutex<Vec<Task>>>;

/// Its drop wakes another task, by pushing it to the queue.
struct Task {
    wakes: Option<Queue>,
}

impl Drop for Task {
    fn drop(&mut self) {
        if let Some(queue) = self.wakes.take() {
            queue.lock().unwrap().push(Task { wakes: None });
        }
    }
}

fn shut_down(drain: fn(&Queue)) {
    let queue: Queue = Arc::new(Mutex::new(Vec::new()));
    queue.lock().unwrap().push(Task { wakes: Some(queue.clone()) });
    let scheduler = queue.clone();
    thread::spawn(move || drain(&scheduler)).join().unwrap();
    assert_eq!(queue.lock().unwrap().len(), 1, "the woken task is queued");
}
