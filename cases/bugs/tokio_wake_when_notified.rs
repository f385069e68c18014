//! A wake-up that finds the task notified already must still publish what it is about.
//!
//! Shape: a waker's owner writes its data and wakes the task. The task is notified already, so
//! there is nothing to do, and a load tells so. But the poll that is to come reads the data only if
//! it is ordered after that load, and a load publishes nothing: the poll may miss the data, and no
//! other poll follows. Writing the bit that is set already, by a read-modify-write, publishes.
//!
//! Source: tokio pull request 7622.
//! Does not show: a failure under sequential consistency; there is none.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const NOTIFIED: u32 = 1;

cases! {
    /// As published: the state is only looked at.
    load_only: fails(Assertion)
        .weak()
        // Acquire: it can publish nothing, that is the flaw
        => wake_while_polled(|state| match state.load(Acquire) {
            NOTIFIED => NOTIFIED,
            _ => state.fetch_or(NOTIFIED, AcqRel), // AcqRel: pairs with the task's
        });
    /// As fixed: the bit is set once more.
    read_modify_write: holds()
        .slack(
            "read_modify_write: state.fetch_or",
            "Release",
            "as published; the waker reads nothing",
        )
        .slack(
            "wake_while_polled: state.fetch_and",
            "Acquire",
            "as published; the task writes nothing",
        )
        // AcqRel: pairs with the task's
        => wake_while_polled(|state| state.fetch_or(NOTIFIED, AcqRel));
}

/// `notify` gives the state before.
fn wake_while_polled(notify: fn(&AtomicU32) -> u32) {
    let (state, data) = (AtomicU32::new(NOTIFIED), AtomicU32::new(0));
    let (before, polled) = thread::scope(|s| {
        let waker = s.spawn(|| {
            data.store(1, Relaxed); // Relaxed: the state publishes it
            notify(&state)
        });
        let task = s.spawn(|| {
            state.fetch_and(!NOTIFIED, AcqRel); // AcqRel: pairs with the waker's
            data.load(Relaxed) // Relaxed: ordered by the state
        });
        (waker.join().unwrap(), task.join().unwrap())
    });
    let polled_again = before != NOTIFIED;
    assert!(polled_again || polled == 1, "the task missed the data and is not polled again");
}
