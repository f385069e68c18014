//! "Somebody who is busy will come for it" holds only for those who ever come back to the queue.
//!
//! Shape: a pool for tasks that block. Who brings one puts it in the queue and starts a thread for it; if
//! the system has no thread to give, that is no error as long as the pool has some, for one of them will
//! be done sometime. The threads that run the scheduler were counted among them. They never look into
//! that queue, and end when the runtime does; and that waits for the task.
//!
//! Source: tokio issue 8406 and pull request 8408, 2026 (`spawn_blocking`).
//! Does not show: the scheduler; the system's refusal, which is taken for granted here; several tasks, see
//! `fork_join`.

use super::rt::sync::mpsc::channel;
use super::rt::thread;

cases! {
    /// As published: the scheduler's thread counts as one of the pool.
    scheduler_counted: fails(Deadlock) => bring_task(1, false);
    /// As fixed: who brings the task is told that nobody will run it.
    told: holds() => bring_task(0, false);
    /// With a thread that does come back, it is as was thought.
    one_comes_back: holds() => bring_task(1, true);
}

/// How many threads are counted as the pool's, and whether one comes to its queue.
fn bring_task(counted: u32, comes_back: bool) {
    let ((bring, queue), (finish, finished)) = (channel(), channel());
    thread::scope(|s| {
        s.spawn(move || {
            // The system has no further thread for it.
            if counted > 0 {
                bring.send(7).unwrap();
                assert_eq!(finished.recv(), Ok(7));
            }
        });
        // The others that are counted run the scheduler, until after the task.
        if comes_back {
            s.spawn(move || finish.send(queue.recv().unwrap()).unwrap());
        } else {
            std::mem::forget((queue, finish)); // a queue that nobody looks into is there all the same
        }
    });
}
