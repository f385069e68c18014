//! A mapped guard dereferences to `U`, so `U` needs the bound: bounding the mutex's own `T` protects nothing.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0059 (futures-util `MutexGuard::map`, before 0.3.7).

use std::{marker::PhantomData, rc::Rc, sync::Mutex};

struct MappedGuard<'a, T, U> {
    mutex: &'a Mutex<T>,
    value: *mut U,
    borrow: PhantomData<&'a mut U>,
}

// SAFETY: the guard reaches both the mutex and the `U` behind `value`; both may cross.
unsafe impl<T: Send, U: Send> Send for MappedGuard<'_, T, U> {}

fn hand_over_mapped(guard: MappedGuard<'_, u8, Rc<u8>>) {
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
