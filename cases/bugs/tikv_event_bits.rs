//! Whoever is told by a bit that a result is there must acquire the bit, however strongly it was raised.
//!
//! Shape: a setter writes the result and raises two bits by an AcqRel read-modify-write. A subscriber
//! polls: it looks at the bits, and if one is up takes the result, which is a plain write. The look was
//! Relaxed. A note beside the setter feared for the order of its two steps, which was right; what was
//! missing stood at the other end.
//!
//! Source: tikv issue 19958 and pull request 19959, 2026 (`EventCore`, found by Miri).
//! Does not show: wakers; cancellation.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

const PAYLOAD: u32 = 1;
const CANCEL: u32 = 2;

cases! {
    /// As published.
    relaxed_look: fails(DataRace) => set_and_take(Relaxed);
    /// As fixed.
    acquire_look: holds()
        .slack("set_and_take: bits.fetch_or", "Release", "as published; a setter acquires nothing")
        => set_and_take(Acquire);
}

fn set_and_take(look: Ordering) {
    let (bits, result) = (AtomicU32::new(0), UnsafeCell::new(None));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the subscriber takes it only when a bit is up, which is below.
            result.with_mut(|result| unsafe { *result = Some(7) });
            bits.fetch_or(PAYLOAD | CANCEL, AcqRel); // Release: pairs with the look
        });
        s.spawn(|| {
            // Acquire: pairs with the setter; the bit alone says nothing of the result
            if bits.load(look) & PAYLOAD != 0 {
                // SAFETY: the setter has written it before the bit, and a look that acquires has that write;
                // a Relaxed one has the bit.
                let taken = result.with_mut(|result| unsafe { (*result).take() });
                assert_eq!(taken, Some(7));
            }
        });
    });
}
