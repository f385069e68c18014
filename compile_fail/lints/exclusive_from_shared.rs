//! A function from `&T` to `&mut U` can be called twice: two threads get `&mut` to one value.
//!
//! Lint: clippy::mut_from_ref
//! Source: clippy lint list, `mut_from_ref`.

#![deny(clippy::mut_from_ref)]

use std::cell::UnsafeCell;

struct Slot(UnsafeCell<u32>);

impl Slot {
    fn get(&self) -> &mut u32 {
        // SAFETY: claimed; calling twice makes it false.
        unsafe { &mut *self.0.get() }
    }
}

fn main() {
    println!("{}", Slot(UnsafeCell::new(1)).get());
}
