//! "Somebody is searching already" and "nothing to be found" can be read at the same time.
//!
//! Shape: store buffering in a scheduler. Who submits a task pushes it, and wakes a worker only if
//! none is searching. The last searching worker counts itself out, looks at the queue once more and
//! sleeps. If the submitter's look at the count overtakes its push, it sees the searcher, who sees
//! no task: it is queued and everybody sleeps. A read-modify-write in the place of the load closes
//! the gap: of two on one count, the later sees what came before the earlier.
//!
//! Source: tokio issue 1768 and pull request 1788.
//! Does not show: how many workers there are; one is enough to lose a task.

use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: SeqCst on the count alone, and the queue's accesses are weaker.
    load: fails(Assertion)
        .weak()
        // SeqCst: in the single order, of which the push is no part
        => submit_and_search(|searching| searching.load(SeqCst));
    /// As fixed: adding nothing is still a read-modify-write.
    read_modify_write: holds()
        .slack("submit_and_search: searching.fetch_sub", "Acquire", "`load` fails in spite of it")
        .slack("submit_and_search: queued.store", "Relaxed", "`load` fails in spite of it")
        .slack("submit_and_search: queued.load", "Relaxed", "`load` fails in spite of it")
        // Release: pairs with the worker's decrement
        => submit_and_search(|searching| searching.fetch_add(0, Release));
}

fn submit_and_search(look: fn(&AtomicU32) -> u32) {
    let (queued, searching) = (AtomicBool::new(false), AtomicU32::new(1));
    let (woken, found) = thread::scope(|s| {
        let submitter = s.spawn(|| {
            queued.store(true, Release); // Release: pairs with the worker's load
            look(&searching) == 0
        });
        let worker = s.spawn(|| {
            searching.fetch_sub(1, SeqCst); // SeqCst, and with it Acquire: pairs with the look
            queued.load(Acquire) // Acquire: pairs with the submitter's store
        });
        (submitter.join().unwrap(), worker.join().unwrap())
    });
    assert!(woken || found, "the task is queued, and everybody sleeps");
}
