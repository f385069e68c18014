//! Silent: a struct of raw pointers only is left alone, which is just where a missing bound hides.
//!
//! Lint: clippy::non_send_fields_in_send_ty
//! Source: clippy lint list, `non_send_fields_in_send_ty` (heuristic); run on 1.95. The pairs in `send` and `sync` show
//! the bound.

#![deny(clippy::non_send_fields_in_send_ty)]

use std::rc::Rc;

struct Sender<T>(*mut T);

// SAFETY: claimed for every `T`; false for an `Rc`.
unsafe impl<T> Send for Sender<T> {}

fn main() {
    hand_over(Sender::<Rc<u8>>(std::ptr::null_mut()));
}

fn hand_over<T: Send>(_value: T) {}
