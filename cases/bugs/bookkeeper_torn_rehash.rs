//! An array and its length that are published apart can be read apart, and no order of the two is right for growing and shrinking.
//!
//! Shape: a map's readers take no lock: they read the capacity, compute a place, and read the array there;
//! what has changed meanwhile is thrown away afterwards, if the place was one. The first repair stored the
//! new array before the new capacity, which is right when the map grows. When it shrinks, a reader has the
//! old capacity and the new array, and is out of bounds before it can look whether it may be. As fixed,
//! both are one snapshot behind one pointer.
//!
//! Source: bookkeeper pull request 4771, 2026, issue 4316, 2024, and pull request 1607, 2018 (its first
//! repair; `ConcurrentLongHashMap`, in Java).
//! Does not show: the stamp by which a reader throws away what it read; arrays that are freed.

use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use super::rt::thread;

const SMALL: usize = 0;
const LARGE: usize = 1;
const ARRAYS: [&[u32]; 2] = [&[7; 2], &[7; 4]];

cases! {
    /// Growing, as it was at first: the capacity first.
    grow_capacity_first: fails(Assertion) => get_beside_rehash(SMALL, LARGE, |map, to| {
        map.capacity.store(ARRAYS[to].len(), Release); // Release: no ordering helps
        map.array.store(to, Release); // Release: no ordering helps
    });
    /// Growing, as first repaired.
    grow_array_first: holds() => get_beside_rehash(SMALL, LARGE, array_first);
    /// Shrinking, as first repaired.
    shrink_array_first: fails(Assertion) => get_beside_rehash(LARGE, SMALL, array_first);
    /// Shrinking the other way round: the reader looks at the capacity before and at the array after.
    shrink_capacity_first: fails(Assertion) => get_beside_rehash(LARGE, SMALL, |map, to| {
        map.capacity.store(ARRAYS[to].len(), Release); // Release: no ordering helps
        map.array.store(to, Release); // Release: no ordering helps
    });
    /// As fixed: the array knows its length.
    snapshot: holds() => get_from_snapshot();
}

struct Map {
    capacity: AtomicUsize,
    array: AtomicUsize,
}

fn array_first(map: &Map, to: usize) {
    map.array.store(to, Relaxed); // Relaxed: the capacity publishes it
    map.capacity.store(ARRAYS[to].len(), Release); // Release: pairs with the reader's load of the capacity
}

fn get_beside_rehash(from: usize, to: usize, rehash: fn(&Map, usize)) {
    let map = Map { capacity: AtomicUsize::new(ARRAYS[from].len()), array: AtomicUsize::new(from) };
    thread::scope(|s| {
        s.spawn(|| rehash(&map, to));
        s.spawn(|| {
            let capacity = map.capacity.load(Acquire); // Acquire: pairs with the rehash, for the array
            let array = ARRAYS[map.array.load(Relaxed)]; // Relaxed: no older than the capacity
            assert_eq!(array.get(3 % capacity), Some(&7), "out of bounds");
        });
    });
}

fn get_from_snapshot() {
    let array = AtomicUsize::new(LARGE);
    thread::scope(|s| {
        s.spawn(|| array.store(SMALL, Relaxed)); // Relaxed: the arrays here were made before
        s.spawn(|| {
            let array = ARRAYS[array.load(Relaxed)]; // Relaxed: as the store
            assert_eq!(array[3 % array.len()], 7);
        });
    });
}
