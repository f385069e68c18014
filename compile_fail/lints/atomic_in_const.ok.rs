//! Fixed: a static is one place.

#![deny(clippy::declare_interior_mutable_const)]

use std::sync::atomic::AtomicU32;

static HITS: AtomicU32 = AtomicU32::new(0);

fn main() {
    let hits = &HITS;
    println!("{hits:?}");
}
