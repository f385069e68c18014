//! An `unsafe impl Sync` is a promise about every later field too: a length moved into a `Cell` breaks it.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0062 (futures-util `FuturesUnordered`, before 0.3.2).

use std::cell::Cell;

struct FuturesUnordered {
    len: Cell<usize>,
}

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
