//! Who waits for another's initialisation must be ready to find it undone.
//!
//! Shape: a cell may be initialised by a function that can fail. One thread marks the cell as
//! running, fails, and marks it as incomplete again. The other found it running and waits; that it
//! should ever find it incomplete was thought to be impossible, and compiled as such. It has to try
//! to initialise the cell itself.
//!
//! Source: RUSTSEC-2023-0031 (spin, Once::try_call_once).
//! Does not show: what the optimiser makes of a state declared unreachable; here it panics.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::{hint, thread};

const INCOMPLETE: u32 = 0;
const RUNNING: u32 = 1;
const COMPLETE: u32 = 2;

cases! {
    /// As published: a waiter expects the initialisation to succeed.
    incomplete_is_unreachable: fails(Assertion) => fail_and_wait(false);
    /// As fixed: a waiter tries again.
    try_again: holds() => fail_and_wait(true);
}

/// Whether this thread got to initialise the cell.
fn enter(state: &AtomicU32) -> bool {
    // Acquire: pairs with the stores of whoever was running
    state.compare_exchange(INCOMPLETE, RUNNING, Acquire, Acquire).is_ok()
}

fn initialise(state: &AtomicU32, try_again: bool) {
    while !enter(state) {
        let mut now = state.load(Acquire); // Acquire: pairs with the store of whoever was running
        while now == RUNNING {
            hint::spin_loop();
            now = state.load(Acquire); // Acquire: as above
        }
        if now == COMPLETE {
            return;
        }
        assert!(try_again, "the cell is incomplete again, which was thought unreachable");
    }
    state.store(COMPLETE, Release); // Release: pairs with the waiters' loads
}

fn fail_and_wait(try_again: bool) {
    let state = AtomicU32::new(INCOMPLETE);
    thread::scope(|s| {
        s.spawn(|| {
            if enter(&state) {
                state.store(INCOMPLETE, Release); // the attempt failed. Release: as for COMPLETE
            }
        });
        s.spawn(|| initialise(&state, try_again));
    });
    assert_eq!(state.into_inner(), COMPLETE);
}
