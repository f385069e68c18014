//! Hole: `get` gives the same `Cell` to two threads; that is the bug.

use std::cell::{Cell, UnsafeCell};

struct Cache<V>(UnsafeCell<Vec<V>>);

// SAFETY: claimed for every `V`, because the index is locked; the values it returns are not.
unsafe impl<V> Sync for Cache<V> {}

fn main() {
    share(&Cache::<Cell<u64>>(UnsafeCell::new(Vec::new())));
}

fn share<T: Sync>(_value: &T) {}
