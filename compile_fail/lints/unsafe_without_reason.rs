//! An `unsafe` block without its reason cannot be reviewed: no one can say which thread may write here, and when.
//!
//! Lint: clippy::undocumented_unsafe_blocks
//! Source: clippy lint list, `undocumented_unsafe_blocks`.

#![deny(clippy::undocumented_unsafe_blocks)]

use std::cell::UnsafeCell;

fn main() {
    let value = UnsafeCell::new(1);
    let seen = unsafe { *value.get() };
    println!("{seen}");
}
