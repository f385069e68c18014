//! A sequence lock's reader needs an Acquire fence after the data, its writer a Release one before.
//!
//! Shape: the writer makes the number odd, writes the data, and makes it even; a reader reads the
//! number, the data, and the number again, and trusts the data if both numbers are the same and
//! even. The first number is acquired in the usual way. The second is the reverse: it must be no
//! older than the data, so if some data is new, the number is seen to have changed. Loads order
//! what comes after them and stores what comes before; so it takes a fence on each side.
//!
//! Source: Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012,
//! sections 3 and 4.
//! Minimal: `read_beside_write: fence #1` Release, `read_beside_write: number.store #2` Release,
//! `read_beside_write: number.load #1` Acquire, `read_beside_write: fence #2` Acquire,
//! `read_beside_write: left.load` Relaxed, `read_beside_write: number.load #2` Relaxed (Boehm, MSPC
//! 2012, section 4).
//! Does not show: several writers, which must exclude each other: `seqlock_writers`.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => read_beside_write([Some(Release), Some(Acquire)], Release, Acquire, true);
    /// The data may be seen before the odd number.
    no_writer_fence: fails(Assertion).weak()
        => read_beside_write([None, Some(Acquire)], Release, Acquire, true);
    /// The second number may be read before the data.
    no_reader_fence: fails(Assertion).weak()
        => read_beside_write([Some(Release), None], Release, Acquire, true);
    /// The even number may be seen before the data.
    relaxed_finish: fails(Assertion).weak()
        => read_beside_write([Some(Release), Some(Acquire)], Relaxed, Acquire, true);
    /// The data may be read before the first number.
    relaxed_start: fails(Assertion).weak()
        => read_beside_write([Some(Release), Some(Acquire)], Release, Relaxed, true);
    /// The reader trusts what it reads in the midst of a write.
    odd_number_trusted: fails(Assertion)
        => read_beside_write([Some(Release), Some(Acquire)], Release, Acquire, false);
    /// The data must be atomic: reading it beside a write is a race even if it is thrown away.
    plain_data: fails(DataRace) => read_plain_data();
}

fn read_beside_write(
    [writer_fence, reader_fence]: [Option<Ordering>; 2],
    finish: Ordering,
    start: Ordering,
    odd_means_wait: bool,
) {
    let (number, left, right) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            number.store(1, Relaxed); // Relaxed: the fence puts it before the data
            if let Some(order) = writer_fence {
                // Release: pairs with the reader's fence. A Release store of the odd number would
                // order what is before it, and the data comes after.
                fence(order);
            }
            left.store(7, Relaxed); // Relaxed: published by the last store
            right.store(7, Relaxed); // Relaxed: published by the last store
            number.store(2, finish); // Release: Relaxed could be seen even before the data is
        });
        s.spawn(|| {
            let before = number.load(start); // Acquire: Relaxed could read the data before it
            // Relaxed: checked by the second look at the number.
            let data = (left.load(Relaxed), right.load(Relaxed));
            if let Some(order) = reader_fence {
                // Acquire: pairs with the writer's fence. An Acquire load of the second number
                // would order what is after it, and the data comes before.
                fence(order);
            }
            let after = number.load(Relaxed); // Relaxed: the fence puts it after the data
            if before == after && (before % 2 == 0 || !odd_means_wait) {
                assert_eq!(data.0, data.1, "the data is torn");
            }
        });
    });
}

fn read_plain_data() {
    let (number, data) = (AtomicU32::new(0), UnsafeCell::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            number.store(1, SeqCst); // SeqCst: no ordering helps
            // SAFETY: none: the odd number asks readers to throw away what they read, and it is
            // read all the same.
            data.with_mut(|d| unsafe { *d = 7 });
            number.store(2, SeqCst); // SeqCst: no ordering helps
        });
        s.spawn(|| {
            let before = number.load(SeqCst); // SeqCst: no ordering helps
            // SAFETY: none: the race is the read itself, whatever becomes of the value.
            let value = data.with(|d| unsafe { *d });
            let after = number.load(SeqCst); // SeqCst: no ordering helps
            assert!(before != after || before % 2 == 1 || value == [0, 7][before as usize / 2]);
        });
    });
}
