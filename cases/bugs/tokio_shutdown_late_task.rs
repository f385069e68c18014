//! A queue that is drained once, while others may still push, is not empty afterwards.
//!
//! Shape: a scheduler shuts down: it refuses new tasks from now on and drains its queue. Who has
//! looked at the refusal before it was there pushes after the drain, and nobody shuts that task
//! down. The look and the push must be one step, under the lock of the drain; tokio drains again
//! whenever something may have come.
//!
//! Source: tokio pull request 2074.
//! Does not show: what the task holds; that it is never dropped is the harm.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the look comes before the push.
    look_then_push: fails(Assertion) => schedule_while_shut_down(false);
    /// The look is taken under the lock under which the queue is drained.
    look_under_lock: holds() => schedule_while_shut_down(true);
}

fn schedule_while_shut_down(under_lock: bool) {
    let (closed, queue) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let is_open = || !closed.load(Relaxed); // Relaxed: the lock is to order it
    thread::scope(|s| {
        s.spawn(|| {
            let open_before = under_lock || is_open();
            let mut queue = queue.lock().unwrap();
            if open_before && (!under_lock || is_open()) {
                queue.push(7);
            }
        });
        s.spawn(|| {
            closed.store(true, Relaxed); // Relaxed: the lock orders it
            queue.lock().unwrap().clear();
        });
    });
    assert!(queue.into_inner().unwrap().is_empty(), "a task is never shut down");
}
