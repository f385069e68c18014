//! Fixed: the hint lets the other hardware thread run; past a few turns, yield or park.

#![deny(clippy::missing_spin_loop)]

use std::sync::atomic::{AtomicBool, Ordering};

static READY: AtomicBool = AtomicBool::new(true);

fn wait_until_ready() {
    while !READY.load(Ordering::Acquire) {
        std::hint::spin_loop();
    }
}

fn main() {
    wait_until_ready();
}
