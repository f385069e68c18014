//! One-time initialisation over a futex has a state that says that somebody sleeps, set and taken in one step each.
//!
//! Shape: 0 is new, 1 running, 2 running with sleepers, 3 done. Who finds 1 makes it 2 by a compare-exchange
//! and sleeps while it is 2; it must not overwrite 3. Who has initialised swaps in 3, and wakes all if
//! it was 2: a look and a store in two steps miss a 2 that comes between.
//!
//! Source: Rust std, `sys/sync/once/futex.rs` (the states and the swap of `CompletionGuard`).
//! Minimal: `Lazy::get: state.load` Acquire, `Lazy::get: state.swap` Release (Rust 1.95, std's sys/sync/once/futex.rs).
//! Does not show: an initialiser that panics.

use super::rt::cell::UnsafeCell;
use super::rt::futex::{self, Futex};
use super::rt::sync::atomic::{Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => get_twice([Acquire, Release], Flaw::None);
    /// Seen as done, without its content.
    relaxed_look: fails(DataRace) => get_twice([Relaxed, Release], Flaw::None);
    /// Declared done without publishing its content.
    relaxed_done: fails(DataRace) => get_twice([Acquire, Relaxed], Flaw::None);
    /// A sleeper signs in between the look and the store.
    done_in_two_steps: fails(Deadlock) => get_twice([Acquire, Release], Flaw::DoneInTwoSteps);
    /// The mark of a sleeper overwrites that it is done.
    mark_stored: fails(Deadlock) => get_twice([Acquire, Release], Flaw::MarkStored);
}

const RUNNING: u32 = 1;
const QUEUED: u32 = 2;
const DONE: u32 = 3;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    DoneInTwoSteps,
    MarkStored,
}

struct Lazy {
    state: Futex,
    value: UnsafeCell<u32>,
}

impl Lazy {
    fn get(&self, [look, done]: [Ordering; 2], flaw: Flaw) -> u32 {
        let state = &self.state;
        // Relaxed: the claim publishes nothing, and who fails looks below.
        if state.compare_exchange(0, RUNNING, Relaxed, Relaxed).is_ok() {
            // SAFETY: one thread moves the state from 0, and nobody reads before it is done.
            self.value.with_mut(|v| unsafe { *v = 7 });
            let before = if flaw == Flaw::DoneInTwoSteps {
                let before = state.load(Relaxed); // pairs with nothing: the flaw is the gap
                state.store(DONE, done); // Release: as below
                before
            } else {
                // Release: pairs with every look; the wake-up behind it publishes nothing
                state.swap(DONE, done)
            };
            if before == QUEUED {
                futex::wake_all(state);
            }
        }
        // Acquire: pairs with the swap; with Relaxed the content may be missing
        while state.load(look) != DONE {
            // Relaxed: whether it is marked or done, the next look says what is there.
            match flaw {
                Flaw::MarkStored => state.store(QUEUED, Relaxed),
                _ => drop(state.compare_exchange(RUNNING, QUEUED, Relaxed, Relaxed)),
            }
            futex::wait(state, QUEUED);
        }
        // SAFETY: the one write happened before the state was seen done; unless it was seen by a Relaxed
        // load, or declared by a Relaxed store.
        self.value.with(|v| unsafe { *v })
    }
}

fn get_twice(orders: [Ordering; 2], flaw: Flaw) {
    let lazy = Lazy { state: Futex::new(0), value: UnsafeCell::new(0) };
    thread::scope(|s| {
        let [left, right] = [(); 2].map(|()| s.spawn(|| lazy.get(orders, flaw)));
        assert_eq!((left.join().unwrap(), right.join().unwrap()), (7, 7));
    });
}
