//! A store computed from an earlier load erases what came between.
//!
//! Shape: one word holds a state and a count of calls. `notify_waiters` loads it, and stores it
//! with the count raised; `notify_one` leaves a permit in the state by a compare-exchange. A permit
//! left between the load and the store is gone, and who relied on it waits for ever. Adding to the
//! count by a read-modify-write leaves the state as it is.
//!
//! Source: tokio pull request 3660.
//! Does not show: waiters; there are none when the two meet.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const PERMIT: u32 = 1;
const CALL: u32 = 2;

cases! {
    /// As published.
    load_and_store: fails(Assertion) => notify_both(|word| {
        let seen = word.load(SeqCst); // SeqCst: as published; it does not help
        word.store(seen + CALL, SeqCst); // casebook: allow(load-then-store) SeqCst as published: the flaw is the gap before it
    });
    /// As fixed.
    // Relaxed: one word, nothing behind it
    fetch_add: holds() => notify_both(|word| _ = word.fetch_add(CALL, Relaxed));
}

fn notify_both(notify_waiters: fn(&AtomicU32)) {
    let word = AtomicU32::new(0);
    thread::scope(|s| {
        s.spawn(|| notify_waiters(&word));
        s.spawn(|| word.fetch_or(PERMIT, Relaxed)); // Relaxed: one word, nothing behind it
    });
    assert_eq!(word.into_inner(), CALL | PERMIT, "the permit is lost");
}
