//! An iterator that yields `&T` is a bundle of shared references: it is `Send` only when `T: Sync`.
//!
//! Error: E0277
//! Source: futures-rs PR 3003 (`IterPinRef` before 0.3.33).

use std::{cell::Cell, marker::PhantomData};

struct IterRef<'a, T> {
    next: *const T,
    list: PhantomData<&'a T>,
}

// SAFETY: iterating hands out `&T`, and `T: Sync` says those may be used on another thread.
unsafe impl<T: Sync> Send for IterRef<'_, T> {}

fn hand_over_tasks(tasks: IterRef<'_, Cell<u32>>) {
    hand_over(tasks);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
