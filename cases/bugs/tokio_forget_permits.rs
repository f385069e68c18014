//! An update of one field of a word must carry the other fields over.
//!
//! Shape: a semaphore keeps its permits and a CLOSED bit in one word. Taking permits away computed
//! the new word from the permits alone, so that the exchange cleared the bit: a closed semaphore
//! was open again. The compare-exchange is atomic, and faithfully stores what it was given.
//!
//! Source: tokio pull request 8021.
//! Does not show: a race that is needed; it fails as well where one comes after the other.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

const CLOSED: u32 = 1;
const PERMIT: u32 = 2;

cases! {
    /// As published: the new word is made from the permits.
    permits_only: fails(Assertion) => forget_while_closing(|word| (word / PERMIT - 1) * PERMIT);
    /// As fixed: the bit is kept.
    bit_kept: holds()
        => forget_while_closing(|word| ((word / PERMIT - 1) * PERMIT) | (word & CLOSED));
}

fn forget_while_closing(without_one: fn(u32) -> u32) {
    let word = AtomicU32::new(3 * PERMIT);
    thread::scope(|s| {
        s.spawn(|| word.fetch_or(CLOSED, Relaxed)); // Relaxed: one word, nothing behind it
        s.spawn(|| {
            let mut now = word.load(Relaxed); // Relaxed: as above
            // Relaxed: as above
            while let Err(other) = word.compare_exchange(now, without_one(now), Relaxed, Relaxed) {
                now = other;
            }
        });
    });
    assert_eq!(word.into_inner(), (2 * PERMIT) | CLOSED, "the semaphore is open again");
}
