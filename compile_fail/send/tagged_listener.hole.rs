//! Hole: the slot crosses with any tag inside; that is the bug.

use std::{cell::UnsafeCell, rc::Rc};

struct StackSlot<T> {
    tag: UnsafeCell<Option<T>>,
    event: *const (),
}

// SAFETY: claimed for every tag.
unsafe impl<T> Send for StackSlot<T> {}

fn main() {
    hand_over(StackSlot {
        tag: UnsafeCell::new(Some(Rc::new(7))),
        event: std::ptr::null(),
    });
}

fn hand_over<T: Send>(_value: T) {}
