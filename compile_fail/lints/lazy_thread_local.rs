//! A thread-local with a constant start needs no check at every access, if it says `const`.
//!
//! Lint: clippy::missing_const_for_thread_local
//! Source: clippy lint list, `missing_const_for_thread_local`.

#![deny(clippy::missing_const_for_thread_local)]

use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<u32> = Cell::new(0);
}

fn main() {
    DEPTH.set(1);
}
