//! Who waits for another's initialisation must be ready to find it undone.
//!
//! Shape: a cell may be initialised by a function that can fail. One thread marks the cell as
//! running, fails, and marks it as incomplete again. The other found it running and waits; that it
//! should ever find it incomplete was thought to be impossible, and compiled as such. It has to try
//! to initialise the cell itself.
//!
//! Source: RUSTSEC-2023-0031 (spin, Once::try_call_once).
//! Does not show: what the optimiser makes of a state declared unreachable; here it panics.

use super::rt::cell::UnsafeCell;
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

struct Once {
    state: AtomicU32,
    value: UnsafeCell<u32>,
}

impl Once {
    fn enter(&self) -> Result<u32, u32> {
        // Acquire: pairs with the stores of whoever was running, where it fails as well
        self.state.compare_exchange(INCOMPLETE, RUNNING, Acquire, Acquire)
    }

    fn initialise(&self, value: u32) {
        // SAFETY: this thread has entered: the state gives the value to one.
        self.value.with_mut(|v| unsafe { *v = value });
    }

    /// The value, initialised by this thread or by another.
    fn get(&self, try_again: bool) -> u32 {
        while let Err(mut now) = self.enter() {
            while now == RUNNING {
                hint::spin_loop();
                now = self.state.load(Acquire); // Acquire: as in `enter`
            }
            if now == COMPLETE {
                // SAFETY: who finds the cell complete finds its value, which nobody changes.
                return self.value.with(|v| unsafe { *v });
            }
            assert!(try_again, "the cell is incomplete again, which was thought unreachable");
        }
        self.initialise(8);
        self.state.store(COMPLETE, Release); // Release: pairs with both looks of the others
        8
    }
}

fn fail_and_wait(try_again: bool) {
    let once = Once { state: AtomicU32::new(INCOMPLETE), value: UnsafeCell::new(0) };
    thread::scope(|s| {
        s.spawn(|| {
            if once.enter().is_ok() {
                once.initialise(7);
                once.state.store(INCOMPLETE, Release); // the attempt failed. Release: as in `get`
            }
            assert_eq!(once.get(try_again), 8);
        });
        s.spawn(|| assert_eq!(once.get(try_again), 8));
    });
}
