//! Hole: `map` may point at anything, so an unbounded `U` crosses with it; that is the bug.

use std::{marker::PhantomData, rc::Rc, sync::Mutex};

struct MappedGuard<'a, T, U> {
    mutex: &'a Mutex<T>,
    value: *mut U,
    borrow: PhantomData<&'a mut U>,
}

// SAFETY: claimed, but only `T` was looked at, and the guard gives out a `U`.
unsafe impl<T: Send, U> Send for MappedGuard<'_, T, U> {}

fn hand_over_mapped(guard: MappedGuard<'_, u8, Rc<u8>>) {
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
