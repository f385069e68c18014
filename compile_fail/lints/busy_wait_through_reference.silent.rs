//! Silent: the lint knows a place of type `AtomicBool`; behind `&` or `Arc`, on an integer or with `swap` it is quiet.
//!
//! Lint: clippy::missing_spin_loop
//! Source: clippy lint list, `missing_spin_loop`; run on 1.95, where `static`, local and field `AtomicBool`s are seen.

#![deny(clippy::missing_spin_loop)]

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

fn wait_for(ready: &AtomicBool, readers: AtomicU32) {
    while !ready.load(Ordering::Acquire) {}
    while readers.load(Ordering::Acquire) != 0 {}
}

fn main() {
    wait_for(&AtomicBool::new(true), AtomicU32::new(0));
}
