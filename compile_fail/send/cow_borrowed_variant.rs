//! A borrowed `Cow` is a shared reference, so sending it needs `T: Sync`, not only an owned form that is `Send`.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0122 (beef before 0.5.0).

use std::cell::Cell;

struct Cow<'a, T> {
    borrowed: *const T,
    lifetime: std::marker::PhantomData<&'a T>,
}

// SAFETY: the receiver may read through `borrowed` (`T: Sync`) or own the value (`T: Send`).
unsafe impl<T: Send + Sync> Send for Cow<'_, T> {}

fn main() {
    let hits = Cell::new(0);
    hand_over(Cow {
        borrowed: &hits,
        lifetime: std::marker::PhantomData,
    });
}

fn hand_over<T: Send>(_value: T) {}
