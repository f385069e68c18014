//! Hole: a `Cell` is `Send`, so a reference to it crosses in a `Cow`; that is the bug.

use std::cell::Cell;

struct Cow<'a, T> {
    borrowed: *const T,
    lifetime: std::marker::PhantomData<&'a T>,
}

// SAFETY: claimed, but only the owned form was considered.
unsafe impl<T: Send> Send for Cow<'_, T> {}

fn main() {
    let hits = Cell::new(0);
    hand_over(Cow {
        borrowed: &hits,
        lifetime: std::marker::PhantomData,
    });
}

fn hand_over<T: Send>(_value: T) {}
