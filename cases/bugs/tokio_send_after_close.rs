//! "Set the bit, then see whether one should have" lets both halves touch the value.
//!
//! Shape: a oneshot sender writes the value and sets the SENT bit; if CLOSED was set already, it
//! takes the value back. The receiver closes and then looks: if SENT is set it takes the value. A
//! bit set by `fetch_or` is set even where the sender finds CLOSED, so the receiver sees it and
//! both take the value. The bit may be set only where CLOSED is not.
//!
//! Source: RUSTSEC-2021-0124, tokio issue 4225.
//! Does not show: a weak ordering; the flaw is there under sequential consistency.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const CLOSED: u32 = 1;
const SENT: u32 = 2;

cases! {
    /// As published: the bit is set in any case.
    // AcqRel: pairs with the receiver's operations
    set_and_look: fails(DataRace)
        => send_while_closed(|state| state.fetch_or(SENT, AcqRel) & CLOSED == 0);
    /// As fixed: the bit is set only if the channel is open.
    set_if_open: holds()
        .slack("set_if_open: state.compare_exchange", "Release", "as published; there is no waker")
        .slack(
            "set_if_open: state.compare_exchange (failure)",
            "Relaxed",
            "as published; there is no waker",
        )
        .slack(
            "send_while_closed: state.fetch_or",
            "Relaxed",
            "as published; the load acquires, too",
        )
        .slack("send_while_closed: state.load", "Relaxed", "as published; the close acquires, too")
        => send_while_closed(|state| {
            state.compare_exchange(0, SENT, AcqRel, Acquire).is_ok() // AcqRel, Acquire: as above
        });
}

fn send_while_closed(set_sent: fn(&AtomicU32) -> bool) {
    let (state, value) = (AtomicU32::new(0), UnsafeCell::new(None));
    // SAFETY: the sender takes the value back only if it has not set SENT, and the receiver takes
    // it only if SENT is set; unless the bit is set in any case, that is one of the two.
    let take = || value.with_mut(|value| unsafe { (*value).take() });
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the receiver touches the value only if SENT is set, which it is below.
            value.with_mut(|value| unsafe { *value = Some(7) });
            if !set_sent(&state) {
                assert_eq!(take(), Some(7));
            }
        });
        s.spawn(|| {
            state.fetch_or(CLOSED, Acquire); // Acquire: pairs with the sender's operation
            // Acquire: pairs with the sender's operation
            if state.load(Acquire) & SENT != 0 {
                assert_eq!(take(), Some(7));
            }
        });
    });
}
