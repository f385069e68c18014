//! A snapshot that is replaced by one swap is a register, if every version has a place of its own.
//!
//! Shape: a writer prepares a version in a place that nobody looks at and makes it current; a reader
//! loads which one is current and reads it there, without a lock. The store of which is current has
//! to publish the version. Two places in turns are not enough: a reader that has looked may still
//! read the place that the writer prepares next.
//!
//! Source: arc-swap's documentation; McKenney, "Is Parallel Programming Hard", ch. 9
//! (deferred reclamation).
//! Does not show: when a place may be used again, which `hazard_pointer` and others do.

use super::rt::cell::UnsafeCell;
use super::rt::linear::specs::{Cell, Number};
use super::rt::linear::{Clients, Object, Role, Size, linearizable};
use super::rt::sync::atomic::{AtomicU8, Ordering::*};

cases! {
    /// Up to three threads and four operations, two a thread; each version has its own place.
    every_client: linearizable() => linearizable::<Snapshot<NONE>>(&clients());
    /// The version is current and not published.
    relaxed_publication: not_linearizable(DataRace)
        => linearizable::<Snapshot<PUBLISH>>(&clients());
    /// The reader knows which version is current, and does not see what it is.
    relaxed_look: not_linearizable(DataRace) => linearizable::<Snapshot<LOOK>>(&clients());
    /// Two swaps find one version current, and both return it.
    split_swap: not_linearizable(NotLinearizable) => linearizable::<Snapshot<SPLIT>>(&clients());
    /// With two places in turns a reader is overtaken by the version after next.
    place_again: not_linearizable(DataRace) => linearizable::<Snapshot<AGAIN>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const PUBLISH: u8 = 1;
const LOOK: u8 = 2;
const SPLIT: u8 = 3;
const AGAIN: u8 = 4;

fn clients() -> Clients<Number> {
    let operations = [Number::Swap(0), Number::Read];
    Clients::new([Role::any(operations)], Size::new(3, 2).up_to(4)).numbered(Number::number)
}

/// Version `n` is in place `n`; version 0 is the first.
struct Snapshot<const FAULT: u8> {
    current: AtomicU8,
    places: [UnsafeCell<u8>; 5],
}

impl<const FAULT: u8> Snapshot<FAULT> {
    fn place(&self, version: u8) -> &UnsafeCell<u8> {
        &self.places[usize::from(if FAULT == AGAIN { version % 2 } else { version })]
    }

    fn swap(&self, version: u8) -> u8 {
        if FAULT == SPLIT {
            let old = self.current.load(Acquire); // Acquire: as below
            self.current.store(version, Release); // Release: as below; the flaw is the gap before it
            return old;
        }
        // Release: publishes the version. Acquire: pairs with the swap before, whose version is returned
        self.current.swap(version, if FAULT == PUBLISH { Acquire } else { AcqRel })
    }

    fn read(&self, version: u8) -> u8 {
        // SAFETY: the version was written before it was current, and not after; where a side is
        // Relaxed, or the place is used again, this races with a writing.
        self.place(version).with(|value| unsafe { *value })
    }
}

impl<const FAULT: u8> Object for Snapshot<FAULT> {
    type Spec = Cell;

    fn new() -> Self {
        Snapshot { current: AtomicU8::new(0), places: [0; 5].map(UnsafeCell::new) }
    }

    fn call(&self, operation: &Number) -> Option<u8> {
        Some(match *operation {
            Number::Swap(version) => {
                // SAFETY: nobody looks at this place before the swap, unless it is used again.
                self.place(version).with_mut(|value| unsafe { *value = version });
                self.read(self.swap(version)) // AcqRel, in `swap`
            }
            // Acquire: pairs with the swap that made the version current
            _ => self.read(self.current.load(if FAULT == LOOK { Relaxed } else { Acquire })),
        })
    }
}
