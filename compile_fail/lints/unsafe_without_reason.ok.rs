//! Fixed: the reason can be checked, and later falsified.

#![deny(clippy::undocumented_unsafe_blocks)]

use std::cell::UnsafeCell;

fn main() {
    let value = UnsafeCell::new(1);
    // SAFETY: the cell is a local that no other thread can reach.
    let seen = unsafe { *value.get() };
    println!("{seen}");
}
