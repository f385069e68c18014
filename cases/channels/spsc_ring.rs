//! In a ring between two threads both counters publish: the tail a message, the head a free slot.
//!
//! Shape: the producer fills a slot and advances the tail; the consumer sees the tail, empties the
//! slot and advances the head; the producer sees the head and fills the slot again. That is message
//! passing in both directions. The second is forgotten easily, because it carries no message: it
//! carries the permission to overwrite.
//!
//! Source: Lamport, ACM TOPLAS 5(2), 1983 (the algorithm, sequentially consistent); ISO C++20
//! [intro.races] (the orderings).
//! Minimal: `exchange: head.load` Acquire, `exchange: tail.store` Release, `exchange: tail.load`
//! Acquire, `exchange: head.store` Release (Lê, Guatto, Cohen and Pop, SBAC-PAD 2013).
//! Does not show: more than one producer or consumer; the counters have one writer each.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

/// Of the tail's store and load, and of the head's store and load.
struct Orders(Ordering, Ordering, Ordering, Ordering);

const CAPACITY: usize = 1;

cases! {
    /// A message is read after it was written, and overwritten after it was read.
    release_acquire: holds() => exchange(CAPACITY, &Orders(Release, Acquire, Release, Acquire));
    /// The tail is advanced without publishing the message.
    relaxed_tail_store: fails(DataRace)
        => exchange(CAPACITY, &Orders(Relaxed, Acquire, Release, Acquire));
    /// The tail is seen, the message not.
    relaxed_tail_load: fails(DataRace)
        => exchange(CAPACITY, &Orders(Release, Relaxed, Release, Acquire));
    /// The slot is given back while it may still be read.
    relaxed_head_store: fails(DataRace)
        => exchange(CAPACITY, &Orders(Release, Acquire, Relaxed, Acquire));
    /// The slot is taken back while it may still be read: iceoryx2 issue 119.
    relaxed_head_load: fails(DataRace)
        => exchange(CAPACITY, &Orders(Release, Acquire, Release, Relaxed));
    /// The full ring is taken for one with room, by one.
    full_by_one_too_late: fails(DataRace)
        => exchange(CAPACITY + 1, &Orders(Release, Acquire, Release, Acquire));
}

fn exchange(full_at: usize, Orders(publish, see, give_back, reuse): &Orders) {
    let slot = UnsafeCell::new(0);
    let (head, tail) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            for sent in 0..2 {
                // Acquire: pairs with the consumer's store of the head
                if sent - head.load(*reuse) < full_at {
                    // SAFETY: the head says that the slot is free; that the consumer has finished
                    // reading is what the Release and the Acquire of the head say.
                    slot.with_mut(|slot| unsafe { *slot = sent + 1 });
                    tail.store(sent + 1, *publish); // Release: pairs with the consumer's load
                } else {
                    return;
                }
            }
        });
        s.spawn(|| {
            let mut received = 0;
            for _ in 0..2 {
                // Acquire: pairs with the producer's store of the tail
                if tail.load(*see) > received {
                    // SAFETY: the tail says that the slot is filled, and its Release and Acquire
                    // that it was written before; a ring that is full too late has it overwritten
                    // meanwhile.
                    assert!(slot.with(|slot| unsafe { *slot }) > received, "not the next message");
                    received += 1;
                    head.store(received, *give_back); // Release: pairs with the producer's load
                }
            }
        });
    });
}
