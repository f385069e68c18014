//! Fixed: the value is ready when the thread starts.

#![deny(clippy::missing_const_for_thread_local)]

use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

fn main() {
    DEPTH.set(1);
}
