//! A guard that holds a raw pointer gets its `Send` by hand, and then the bound on the data must be written too.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0070 (lock_api before 0.4.2).

use std::{cell::Cell, marker::PhantomData, rc::Rc};

struct MappedGuard<'a, T> {
    data: *mut T,
    lock: PhantomData<&'a Cell<()>>,
}

// SAFETY: the guard is exclusive access to a `T`, so it may go wherever a `T` may.
unsafe impl<T: Send> Send for MappedGuard<'_, T> {}

fn hand_over_mapped(guard: MappedGuard<'_, Rc<u8>>) {
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
