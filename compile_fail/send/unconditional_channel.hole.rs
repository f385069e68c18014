//! Hole: the published impl has no bound, so the `Rc` crosses; that is the bug.

use std::{ptr::NonNull, rc::Rc};

struct Sender<T>(NonNull<T>);

// SAFETY: claimed for every message; an `Rc` makes it false.
unsafe impl<T> Send for Sender<T> {}

fn main() {
    hand_over(Sender(NonNull::<Rc<u8>>::dangling()));
}

fn hand_over<T: Send>(_value: T) {}
