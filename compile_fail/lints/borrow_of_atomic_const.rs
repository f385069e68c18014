//! Borrowing a `const` atomic borrows a fresh copy: a store to it is lost at once.
//!
//! Lint: clippy::borrow_interior_mutable_const
//! Source: clippy lint list, `borrow_interior_mutable_const`.

#![deny(clippy::borrow_interior_mutable_const)]

use std::sync::atomic::{AtomicU32, Ordering};

#[expect(clippy::declare_interior_mutable_const, reason = "not this case")]
const LIMIT: AtomicU32 = AtomicU32::new(10);

fn main() {
    println!("{}", LIMIT.load(Ordering::Relaxed));
}
