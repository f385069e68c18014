//! A guard that keeps `&mut T` is `Send` without anyone deciding it; a raw pointer makes its author decide.
//!
//! Error: E0277
//! Source: spin commit 370c1e1 (guards hold `*mut T` and state their bounds); Rustonomicon, "Send and Sync".

use std::sync::atomic::{AtomicBool, Ordering};

struct Guard<'a, T> {
    locked: &'a AtomicBool,
    data: *mut T,
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.locked.store(false, Ordering::Release);
    }
}

fn move_guard(guard: Guard<'_, u32>) {
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
