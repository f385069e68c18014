//! Runs a program on the types of one facade and tells what it saw, step by step.

use super::rt;

pub mod arcs;
pub mod atomics;
pub mod boxes;
pub mod channels;
pub mod locals;
pub mod locks;
pub mod once;
pub mod parking_lot;
pub mod threads;
pub mod waiting;

use std::cell::Cell;

/// What a program did: a line a step.
pub type Story = Vec<String>;

/// The nth of what there is, if there is anything.
fn nth<T>(of: &[T], n: usize) -> Option<usize> {
    (!of.is_empty()).then(|| n % of.len())
}

/// A value that counts how many were dropped.
struct Counted<'a> {
    value: i8,
    drops: &'a Cell<u32>,
}

impl<'a> Counted<'a> {
    fn new(value: i8, drops: &'a Cell<u32>) -> Self {
        Counted { value, drops }
    }

    fn add(&mut self, by: i8) -> i8 {
        self.value = self.value.wrapping_add(by);
        self.value
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
    }
}
