//! Fixed: the load acquires what was published.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    println!("{}", ready.load(Ordering::Acquire));
}
