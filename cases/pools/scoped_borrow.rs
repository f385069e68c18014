//! Scoped threads may borrow one array and change it together if their parts do not overlap.
//!
//! Shape: two threads add one to every element of their range of a borrowed array. Disjoint ranges
//! need no synchronisation, and the scope's end orders all of it before what follows. One element
//! in both ranges is a race, even if both would write the same value.
//!
//! Source: Rust RFC 3151 (scoped threads); Rust std, `slice::split_at_mut`.
//! Does not show: that `split_at_mut` makes the overlap impossible to write in safe Rust.

use core::ops::Range;

use super::rt::cell::UnsafeCell;
use super::rt::thread;

cases! {
    /// No element is in both ranges.
    disjoint: holds() => add([0..2, 2..4]);
    /// One element is in both.
    overlapping: fails(DataRace) => add([0..2, 1..4]);
    /// An empty range shares nothing, wherever it begins.
    empty_range: holds() => add([0..4, 2..2]);
}

fn add(ranges: [Range<usize>; 2]) {
    let array = [0; 4].map(UnsafeCell::new);
    thread::scope(|s| {
        for range in ranges {
            let part = &array[range];
            s.spawn(move || {
                for element in part {
                    // SAFETY: the ranges do not overlap, so no other thread has this element; where
                    // they do, one element is in both.
                    element.with_mut(|e| unsafe { *e += 1 });
                }
            });
        }
    });
    assert_eq!(array.map(UnsafeCell::into_inner), [1; 4]);
}
