//! Giving up a wait must not erase a notification that has come already.
//!
//! Shape: a waiting future is dropped while a notification is sent. The drop of the last waiter set
//! the state to "nobody waits, no permit", whatever it was. If the notification came first, its
//! permit is erased, and the next one to wait finds nothing. Only "waiting" may become "empty".
//!
//! Source: tokio pull request 3652.
//! Does not show: the list of waiters, from which the future has to be taken out as well.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const EMPTY: u32 = 0;
const WAITING: u32 = 1;
const NOTIFIED: u32 = 2;

cases! {
    /// As published: stored in any case.
    store: fails(Assertion) => drop_while_notified(|state| {
        state.store(EMPTY, SeqCst); // SeqCst: as published; it does not help
    });
    /// As fixed: exchanged only for "waiting".
    exchange: holds() => drop_while_notified(|state| {
        // Relaxed: one word, nothing behind it
        let _ = state.compare_exchange(WAITING, EMPTY, Relaxed, Relaxed);
    });
}

fn drop_while_notified(drop_waiter: fn(&AtomicU32)) {
    let state = AtomicU32::new(WAITING);
    thread::scope(|s| {
        s.spawn(|| drop_waiter(&state));
        s.spawn(|| state.swap(NOTIFIED, Relaxed)); // Relaxed: one word, nothing behind it
    });
    assert_eq!(state.into_inner(), NOTIFIED, "the notification is lost");
}
