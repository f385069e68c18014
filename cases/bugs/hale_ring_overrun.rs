//! The oldest entry of a ring that overwrites is already being overwritten before the count says so.
//!
//! Shape: a producer never waits: it writes a record over the oldest one, and then counts it. A consumer
//! reads the count, a record, and the count again, and throws the record away if it has been overwritten
//! meanwhile. With room for n, the records that count - n and less were called lost. But record number
//! count may be half written, and it stands where count - n stood: that one is lost, too, though the count
//! does not say so yet.
//!
//! Source: hale pull request 247, 2026 (the ring of an observer; found by its own test).
//! Does not show: a reader in another process; `seqlock` has a number that is odd meanwhile.

use super::rt::sync::atomic::{AtomicUsize, Ordering::*, fence};
use super::rt::thread;

const ROOM: usize = 2;

cases! {
    /// As drafted.
    // Acquire: pairs with the writer's fence by the words, so that the count after it is no older.
    strictly_less: fails(Assertion) => read_beside_write(|number, count| number + ROOM < count, || fence(Acquire));
    /// As corrected.
    // Acquire: pairs with the writer's fence by the words, so that the count after it is no older.
    less_or_equal: holds() => read_beside_write(|number, count| number + ROOM <= count, || fence(Acquire));
    /// Without a fence the second count may be older than what was read.
    no_fence: fails(Assertion).weak()
        => read_beside_write(|number, count| number + ROOM <= count, || {});
}

/// Whether a record is lost, by its number and the second count; what stands before that count.
fn read_beside_write(is_lost: fn(usize, usize) -> bool, before_count: fn()) {
    let count = AtomicUsize::new(ROOM);
    let slots = [[0; 2], [1; 2]].map(|record| record.map(AtomicUsize::new));
    thread::scope(|s| {
        s.spawn(|| {
            for number in ROOM..ROOM + 2 {
                fence(Release); // Release: pairs with the reader's fence, by the words
                for word in &slots[number % ROOM] {
                    word.store(number, Relaxed); // Relaxed: a reader that sees it sees the count before
                }
                count.store(number + 1, Relaxed); // Relaxed: the reader here has begun before
            }
        });
        s.spawn(|| {
            let number = 1; // the last one that was counted when the reader came
            let words = [0, 1].map(|word| slots[1][word].load(Relaxed)); // Relaxed: the fence acquires
            before_count(); // Acquire: pairs with the fence before the words
            // Relaxed: the fence puts it behind the words
            if !is_lost(number, count.load(Relaxed)) {
                assert_eq!(words, [number; 2], "a record that is being overwritten");
            }
        });
    });
}
