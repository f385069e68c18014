//! Where the second of two to arrive cleans up, its one swap must both release and acquire.
//!
//! Shape: the halves of a oneshot channel share one block of memory. The sender leaves its message
//! there, the receiver its note on how to wake it, and each then swaps the state. Who comes second
//! reads what the first has left and frees the block. Neither knows which it will be, so each swap
//! releases (for the case that it comes first) and acquires (for the case that it comes second).
//!
//! Source: ISO C++20 [atomics.order] p2; faern/oneshot issue 69 (a state that was read Relaxed).
//! Does not show: waiting; both halves go on at once.

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// Whoever comes second sees all that the first did.
    acq_rel: holds() => meet(|state| state.swap(true, AcqRel)); // AcqRel: pairs with its twin's
    /// The second does not acquire what the first published: faern/oneshot issue 69.
    // Release: nobody acquires
    release_only: fails(DataRace) => meet(|state| state.swap(true, Release));
    /// The first does not publish what it left.
    // Acquire: nobody releases
    acquire_only: fails(DataRace) => meet(|state| state.swap(true, Acquire));
    /// Both look before either has left its mark: both think they are first, and nobody frees.
    two_steps: fails(Leak) => meet(|state| {
        let second = state.load(Acquire); // Acquire: pairs with the store below
        state.store(true, Release); // Release: pairs with the load above
        second
    });
}

struct Channel {
    /// Whether one of the two has been here.
    state: AtomicBool,
    message: UnsafeCell<u32>,
    note: UnsafeCell<u32>,
}

#[derive(Clone, Copy)]
struct Half(*mut Channel);

// SAFETY: both threads use the block through shared references, each cell by one half at a time,
// and the second half to arrive frees it.
unsafe impl Send for Half {}

/// Marks the state; true for the second to come.
type Arrive = fn(&AtomicBool) -> bool;

impl Half {
    fn leave_and_read(
        self,
        mine: fn(&Channel) -> &UnsafeCell<u32>,
        other: fn(&Channel) -> &UnsafeCell<u32>,
        arrive: Arrive,
    ) {
        // SAFETY: the block is freed by who arrives second, and this half has not arrived yet.
        let channel = unsafe { &*self.0 };
        // SAFETY: the other half reads this cell only if it arrives second, so after this half's
        // mark.
        mine(channel).with_mut(|cell| unsafe { *cell = 1 });
        if arrive(&channel.state) {
            // SAFETY: the other half wrote before its mark and touches nothing after it; a swap
            // that does not release, or one that does not acquire, does not order that.
            assert_eq!(other(channel).with(|cell| unsafe { *cell }), 1);
            // SAFETY: as above, and the pointer comes from `into_raw`.
            drop(unsafe { Box::from_raw(self.0) });
        }
    }
}

fn meet(arrive: Arrive) {
    let (state, message, note) = (AtomicBool::new(false), UnsafeCell::new(0), UnsafeCell::new(0));
    let half = Half(Box::into_raw(Box::new(Channel { state, message, note })));
    thread::scope(|s| {
        s.spawn(move || half.leave_and_read(|c| &c.message, |c| &c.note, arrive));
        s.spawn(move || half.leave_and_read(|c| &c.note, |c| &c.message, arrive));
    });
}
