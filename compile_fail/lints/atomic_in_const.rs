//! A `const` atomic is copied at every use: each thread increments an atomic of its own.
//!
//! Lint: clippy::declare_interior_mutable_const
//! Source: clippy lint list, `declare_interior_mutable_const`.

#![deny(clippy::declare_interior_mutable_const)]

use std::sync::atomic::AtomicU32;

const HITS: AtomicU32 = AtomicU32::new(0);

fn main() {
    let hits = HITS;
    println!("{hits:?}");
}
