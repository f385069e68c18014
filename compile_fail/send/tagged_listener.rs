//! A listener slot hands its tag to the notified thread: its `Send` must depend on the tag.
//!
//! Error: E0277
//! Source: RUSTSEC-2026-0221 (event-listener `StackSlot`, before 5.4.2).

use std::{cell::UnsafeCell, rc::Rc};

struct StackSlot<T> {
    tag: UnsafeCell<Option<T>>,
    event: *const (),
}

// SAFETY: the tag is moved out by whoever is notified, and `T: Send` allows that.
unsafe impl<T: Send> Send for StackSlot<T> {}

fn main() {
    hand_over(StackSlot {
        tag: UnsafeCell::new(Some(Rc::new(7))),
        event: std::ptr::null(),
    });
}

fn hand_over<T: Send>(_value: T) {}
