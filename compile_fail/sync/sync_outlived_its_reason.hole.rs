//! Hole: the old promise hides the new field from the compiler, and `push` races; that is the bug.

use std::cell::Cell;

struct FuturesUnordered {
    len: Cell<usize>,
}

// SAFETY: true when it was written, when `len` was not a field.
unsafe impl Sync for FuturesUnordered {}

impl FuturesUnordered {
    fn push(&self) {
        self.len.set(self.len.get() + 1);
    }
}

fn main() {
    let set = FuturesUnordered { len: Cell::new(0) };
    set.push();
    share(&set);
}

fn share<T: Sync>(_value: &T) {}
