//! A weak compare-exchange may fail and still find what it expected.
//!
//! Shape: two threads initialise a cell by a weak compare-exchange from "incomplete". Where it
//! fails the code asserted that the state had changed. It need not have: a weak exchange may fail
//! without a cause, as it does on machines that build it from a load and a conditional store.
//!
//! Source: once_cell issue 186 (the implementation over parking_lot; found by Miri).
//! Does not show: the failure on x86, where no exchange fails without a cause.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const INCOMPLETE: u32 = 0;
const RUNNING: u32 = 1;

cases! {
    /// As published.
    weak: fails(Assertion)
        .misses(Loom, NothingSpurious)
        .misses(Shuttle, NothingSpurious)
        // Acquire: pairs with the end of an attempt, which is not part of this model
        => both_enter(|state| state.compare_exchange_weak(INCOMPLETE, RUNNING, Acquire, Acquire));
    /// A strong exchange fails only where it finds something else.
    strong: holds()
        .slack("strong: state.compare_exchange", "Relaxed", "as published; no attempt ends here")
        .slack(
            "strong: state.compare_exchange (failure)",
            "Relaxed",
            "as published; no attempt ends here",
        )
        // Acquire: as above
        => both_enter(|state| state.compare_exchange(INCOMPLETE, RUNNING, Acquire, Acquire));
    /// Who cannot enter and finds the cell incomplete tells nobody that it is not, and may retry.
    weak_not_asserted: holds()
        .slack(
            "weak_not_asserted: state.compare_exchange_weak",
            "Relaxed",
            "as published; no attempt ends here",
        )
        .slack(
            "weak_not_asserted: state.compare_exchange_weak (failure)",
            "Relaxed",
            "as published; no attempt ends here",
        )
        => both_enter(|state| {
            // Acquire: as above
            match state.compare_exchange_weak(INCOMPLETE, RUNNING, Acquire, Acquire) {
                Err(INCOMPLETE) => Ok(INCOMPLETE),
                result => result,
            }
        });
}

fn both_enter(enter: fn(&AtomicU32) -> Result<u32, u32>) {
    let state = AtomicU32::new(INCOMPLETE);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                if let Err(now) = enter(&state) {
                    assert_ne!(now, INCOMPLETE, "the exchange failed without a cause");
                }
            });
        }
    });
}
