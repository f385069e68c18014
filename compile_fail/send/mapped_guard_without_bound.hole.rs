//! Hole: without the bound the guard carries `&mut Rc` to a thread that clones it; that is the bug.

use std::{cell::Cell, marker::PhantomData, rc::Rc};

struct MappedGuard<'a, T> {
    data: *mut T,
    lock: PhantomData<&'a Cell<()>>,
}

// SAFETY: claimed for every `T`; exclusive access to an `Rc` is not access to its shared count.
unsafe impl<T> Send for MappedGuard<'_, T> {}

fn hand_over_mapped(guard: MappedGuard<'_, Rc<u8>>) {
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
