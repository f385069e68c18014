//! `fetch_add` on a `const` atomic adds to a temporary: the count never moves.
//!
//! Lint: const_item_interior_mutations
//! Source: The rustc book, lint listing, `const_item_interior_mutations`.

#![deny(const_item_interior_mutations)]

use std::sync::atomic::{AtomicU32, Ordering};

#[expect(clippy::declare_interior_mutable_const, reason = "not this case")]
const HITS: AtomicU32 = AtomicU32::new(0);

#[expect(clippy::borrow_interior_mutable_const, reason = "not this case")]
fn main() {
    HITS.fetch_add(1, Ordering::Relaxed);
}
