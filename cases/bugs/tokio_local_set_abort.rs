//! What must stay on its thread must be dropped there, too.
//!
//! Shape: a task that is bound to one thread holds a reference count that is not atomic. Aborting
//! it from another thread dropped the task there, and with it decremented the count, while its own
//! thread goes on cloning and dropping. The abort may only mark the task; its thread drops it.
//!
//! Source: RUSTSEC-2021-0072 (tokio, JoinHandle::abort of a LocalSet's task).
//! Does not show: the types; `Rc` is not `Send`, and no type was wrong but the executor's unsafe
//! code.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the aborting thread drops the task.
    dropped_there: fails(DataRace) => abort(true);
    /// As fixed: the aborting thread marks it, and its own thread drops it.
    dropped_here: holds() => abort(false);
}

fn abort(drop_there: bool) {
    let (count, aborted) = (UnsafeCell::new(1), AtomicBool::new(false));
    // SAFETY: the count is its thread's alone, as long as the aborting thread only marks the task.
    let add = |n: i32| count.with_mut(|count| unsafe { *count += n });
    thread::scope(|s| {
        s.spawn(|| {
            add(1);
            add(-1);
            // Relaxed: the mark carries nothing
            if aborted.load(Relaxed) && !drop_there {
                add(-1);
            }
        });
        s.spawn(|| {
            if drop_there {
                add(-1);
            } else {
                aborted.store(true, Relaxed); // Relaxed: the mark carries nothing
            }
        });
    });
}
