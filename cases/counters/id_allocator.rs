//! An allocator that must never repeat an id checks the limit in the step that takes the id.
//!
//! Shape: ids are 0 to 254 in a `u8`, and all but the last are used up; two threads ask for three
//! more, of which only one exists. `fetch_add` wraps silently. A check before it passes in both
//! threads; a correction after it comes too late if others add meanwhile. A compare-exchange takes
//! the id only if there is one. Uniqueness needs no ordering: each id is one read-modify-write.
//!
//! Source: Bos, Rust Atomics and Locks, 2023, ch. 2 (id allocation with and without overflow).
//! Does not show: ids that are given back and used again, which is the ABA problem.

use super::rt::sync::atomic::{AtomicU8, Ordering::*};
use super::rt::thread;

/// One past the last id; the counter may come to stand here, and no further.
const LIMIT: u8 = u8::MAX;

cases! {
    /// The limit is checked by the step that takes the id.
    checked_update: holds() => allocate(|next| {
        // Relaxed: atomicity alone makes an id unique.
        next.fetch_update(Relaxed, Relaxed, |id| (id < LIMIT).then(|| id + 1)).ok()
    });
    /// Nothing stops the counter from wrapping.
    unchecked: fails(Assertion) => allocate(|next| {
        Some(next.fetch_add(1, Relaxed)) // Relaxed: no ordering keeps it from wrapping
    });
    /// Both threads pass the check, and then both add.
    checked_before: fails(Assertion) => allocate(|next| {
        // Relaxed: no ordering makes the check and the addition one step.
        (next.load(Relaxed) < LIMIT).then(|| next.fetch_add(1, Relaxed))
    });
    /// One thread goes over the limit and steps back; the other adds in between.
    undone_after: fails(Assertion) => allocate(|next| {
        let id = next.fetch_add(1, Relaxed); // Relaxed: atomicity alone makes an id unique
        if id == LIMIT {
            next.fetch_sub(1, Relaxed); // Relaxed: no ordering makes it come in time
            return None;
        }
        Some(id)
    });
}

fn allocate(take: fn(&AtomicU8) -> Option<u8>) {
    let next = AtomicU8::new(LIMIT - 1);
    let taken = thread::scope(|s| {
        let left = s.spawn(|| [take(&next), take(&next)]);
        let right = s.spawn(|| [take(&next); 1]);
        [left.join().unwrap().as_slice(), right.join().unwrap().as_slice()].concat()
    });
    let mut ids: Vec<u8> = taken.into_iter().flatten().collect();
    ids.sort_unstable();
    assert_eq!(ids, [LIMIT - 1], "only one id was left");
}
