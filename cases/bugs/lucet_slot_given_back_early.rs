//! What is given back to a pool must be given back by the last step of the destructor.
//!
//! Shape: an instance lives in a slot of a pool. Its destructor gave the slot back with the first
//! field, and the destructors of the other fields ran afterwards, in the slot. Another thread may
//! have taken the slot by then.
//!
//! Source: RUSTSEC-2021-0155 (lucet-runtime).
//! Does not show: the order in which Rust drops fields, which is that of their declaration.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the slot is given back first.
    given_back_first: fails(DataRace) => drop_and_take(true);
    /// The slot is given back last.
    given_back_last: holds() => drop_and_take(false);
}

fn drop_and_take(first: bool) {
    let (free, slot) = (AtomicBool::new(false), UnsafeCell::new(7));
    // SAFETY: the taker has the slot by its swap, and the instance until it gives it back; given
    // back first, both have it.
    let write = |value| slot.with_mut(|slot| unsafe { *slot = value });
    let give_back = || free.store(true, Release); // Release: pairs with the swap of the taker
    thread::scope(|s| {
        s.spawn(|| {
            if first {
                give_back();
            }
            write(0);
            if !first {
                give_back();
            }
        });
        s.spawn(|| {
            // Acquire: pairs with the store that gives back
            if free.swap(false, Acquire) {
                write(8);
            }
        });
    });
}
