//! `lock().unwrap()` turns one panic into a panic in every thread that locks later, and says nothing about why.
//!
//! Lint: clippy::unwrap_used
//! Source: clippy lint list, `unwrap_used`.

#![deny(clippy::unwrap_used)]

use std::sync::Mutex;

static TOTAL: Mutex<u32> = Mutex::new(0);

fn main() {
    *TOTAL.lock().unwrap() += 1;
}
