//! A hand-written channel end may be `Send` only for messages that are: `unsafe impl<T> Send` smuggles an `Rc` out.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0106 (multiqueue2), -0143 (multiqueue), -0117 (conqueue), -0126 (signal-simple): all of this
//! shape.

use std::{ptr::NonNull, rc::Rc};

struct Sender<T>(NonNull<T>);

// SAFETY: sending a message moves it to the receiving thread, and `T: Send` allows that.
unsafe impl<T: Send> Send for Sender<T> {}

fn main() {
    hand_over(Sender(NonNull::<Rc<u8>>::dangling()));
}

fn hand_over<T: Send>(_value: T) {}
