//! Fixed: a static is one place.

#![deny(clippy::borrow_interior_mutable_const)]

use std::sync::atomic::{AtomicU32, Ordering};

static LIMIT: AtomicU32 = AtomicU32::new(10);

fn main() {
    println!("{}", LIMIT.load(Ordering::Relaxed));
}
