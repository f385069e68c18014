//! Hole: `Cell` is `Send`, so every thread gets the same cell; that is the bug.

use std::cell::{Cell, UnsafeCell};

struct LateStatic<T>(UnsafeCell<Option<T>>);

// SAFETY: claimed with the bound of a type that moves its value, not of one that shares it.
unsafe impl<T: Send> Sync for LateStatic<T> {}

static HITS: LateStatic<Cell<u32>> = LateStatic(UnsafeCell::new(None));

fn main() {}
