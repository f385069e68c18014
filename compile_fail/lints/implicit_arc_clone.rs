//! `.clone()` on an `Arc` reads like a copy of the data; `Arc::clone` says that only a handle is made.
//!
//! Lint: clippy::clone_on_ref_ptr
//! Source: clippy lint list, `clone_on_ref_ptr`.

#![deny(clippy::clone_on_ref_ptr)]

use std::sync::Arc;

fn main() {
    let config = Arc::new(vec![1, 2, 3]);
    let theirs = config.clone();
    println!("{}", theirs.len());
}
