//! Hole: the guard is unlocked by whichever thread it ends up in, and no one ever said that it may be; that is the bug.

use std::sync::atomic::{AtomicBool, Ordering};

struct Guard<'a, T> {
    locked: &'a AtomicBool,
    data: &'a mut T,
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
