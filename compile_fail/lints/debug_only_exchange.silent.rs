//! Silent: the lint looks for `&mut`; a swap on a shared atomic inside `debug_assert!` is gone from release builds too.
//!
//! Lint: clippy::debug_assert_with_mut_call
//! Source: clippy lint list, `debug_assert_with_mut_call`; run on 1.95.

#![deny(clippy::debug_assert_with_mut_call)]

use std::sync::atomic::{AtomicBool, Ordering};

static CLAIMED: AtomicBool = AtomicBool::new(false);

fn main() {
    debug_assert!(!CLAIMED.swap(true, Ordering::Acquire));
}
