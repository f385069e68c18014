//! Fixed: the fence orders the writes before it.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    std::sync::atomic::fence(Ordering::Release);
    println!("{ready:?}");
}
