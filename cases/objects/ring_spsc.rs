//! A ring that answers both "full" and "empty" needs SeqCst, or its two sides say both of one state.
//!
//! Shape: one producer counts what it has put in, one consumer what it has taken out, and each reads
//! the other's count. Release and Acquire hand every value over, and every place back. But whoever
//! has filled the ring reads the count of takes, and whoever has emptied it reads the count of puts:
//! that is store buffering, and both may read an old count. Then a put is refused although a take
//! before it has made room, and a take before that finds nothing. No order of the operations has
//! both answers. Who takes a refusal for "try again" needs no more than Release and Acquire.
//!
//! Source: Lamport, ACM TOPLAS 5(2), 1983 (the ring, sequentially consistent).
//! Does not show: several producers, or counts that overflow.

use std::marker::PhantomData;

use super::rt::cell::UnsafeCell;
use super::rt::linear::specs::{Fifo, Hold, MayRefuse};
use super::rt::linear::{Clients, Object, Role, Size, Spec, linearizable};
use super::rt::sync::atomic::{AtomicUsize, Ordering::*};

cases! {
    /// Up to four puts beside up to four takes.
    every_client: linearizable() => linearizable::<Ring<NONE>>(&clients());
    /// Full and empty at once: no interleaving of the two sides gives this.
    release_acquire: not_linearizable(NotLinearizable).weak()
        => linearizable::<Ring<WEAK>>(&clients());
    /// What is handed over is right, if "full" and "empty" mean "try again".
    may_refuse: linearizable() => linearizable::<Ring<WEAK, MayRefuse<Fifo<false, 2>>>>(&clients());
    /// The consumer reads a place before the value is there.
    relaxed_count: not_linearizable(DataRace) => linearizable::<Ring<COUNT>>(&clients());
    /// The producer fills a place that the consumer may still be reading.
    relaxed_room: not_linearizable(DataRace) => linearizable::<Ring<ROOM>>(&clients());
    /// The count is raised before the value is written.
    early_count: not_linearizable(DataRace) => linearizable::<Ring<EARLY>>(&clients());
    /// A take that goes by the count of an earlier one finds nothing.
    stale_count: not_linearizable(NotLinearizable) => linearizable::<Ring<STALE>>(&clients());
}

/// Without a fault, and with one.
const NONE: u8 = 0;
const WEAK: u8 = 1;
const COUNT: u8 = 2;
const ROOM: u8 = 3;
const EARLY: u8 = 4;
const STALE: u8 = 5;

fn clients() -> Clients<Hold> {
    let calls = [Role::one([Hold::Put(0)]), Role::one([Hold::Take])];
    Clients::new(calls, Size::new(2, 4)).numbered(Hold::number).last([Hold::Rest; 2])
}

struct Ring<const FAULT: u8, S = Fifo<false, 2>> {
    /// How many were put in, how many taken out, and how many of those put in the consumer has seen.
    counts: [AtomicUsize; 3],
    places: [UnsafeCell<u8>; 2],
    claims: PhantomData<fn() -> S>,
}

impl<const FAULT: u8, S: Spec<Operation = Hold, Result = Option<u8>>> Object for Ring<FAULT, S> {
    type Spec = S;

    fn new() -> Self {
        let (counts, places) = ([0; 3].map(AtomicUsize::new), [0; 2].map(UnsafeCell::new));
        Ring { counts, places, claims: PhantomData }
    }

    fn call(&self, operation: &Hold) -> Option<u8> {
        let [puts, takes, seen] = &self.counts;
        let (acquire, release) = if FAULT == WEAK { (Acquire, Release) } else { (SeqCst, SeqCst) };
        if let Hold::Put(value) = *operation {
            // SAFETY: who emptied the place has counted that since; where the load of the
            // count is Relaxed, or the value comes after the count, this races.
            let write = |n: usize| self.places[n % 2].with_mut(|place| unsafe { *place = value });
            let put = puts.load(Relaxed); // Relaxed: only the producer writes it
            // SeqCst: one of four that forbid store buffering; its Acquire takes the place back
            if put - takes.load(if FAULT == ROOM { Relaxed } else { acquire }) == 2 {
                return Some(value);
            }
            if FAULT != EARLY {
                write(put);
            }
            // SeqCst: one of the four; its Release hands the value over
            puts.store(put + 1, if FAULT == COUNT { Relaxed } else { release });
            if FAULT == EARLY {
                write(put);
            }
            return None;
        }
        let taken = takes.load(Relaxed); // Relaxed: only the consumer writes it
        let fresh = FAULT != STALE || taken == 0;
        // SeqCst: one of the four; its Acquire has the value. Relaxed: the consumer's own.
        let put = if fresh { puts.load(acquire) } else { seen.load(Relaxed) };
        seen.store(put, Relaxed); // Relaxed: only the consumer reads it
        // SAFETY: the value was written before it was counted; where the count is Relaxed, or
        // comes first, this races.
        let read = || self.places[taken % 2].with(|place| unsafe { *place });
        let value = (taken < put).then(read)?;
        takes.store(taken + 1, release); // SeqCst: one of the four; its Release gives the place back
        Some(value)
    }
}
