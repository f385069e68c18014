//! A busy wait without `spin_loop` does not tell the processor that it waits, and takes the power others could use.
//!
//! Lint: clippy::missing_spin_loop
//! Source: clippy lint list, `missing_spin_loop`.

#![deny(clippy::missing_spin_loop)]

use std::sync::atomic::{AtomicBool, Ordering};

static READY: AtomicBool = AtomicBool::new(true);

fn wait_until_ready() {
    while !READY.load(Ordering::Acquire) {}
}

fn main() {
    wait_until_ready();
}
