//! Hole: the bound of the exclusive iterator was copied to the shared one; that is the bug.

use std::{cell::Cell, marker::PhantomData};

struct IterRef<'a, T> {
    next: *const T,
    list: PhantomData<&'a T>,
}

// SAFETY: claimed with the bound of an iterator over `&mut T`.
unsafe impl<T: Send> Send for IterRef<'_, T> {}

fn hand_over_tasks(tasks: IterRef<'_, Cell<u32>>) {
    hand_over(tasks);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
