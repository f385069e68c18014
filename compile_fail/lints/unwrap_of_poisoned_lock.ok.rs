//! Fixed: a counter is never left half-written, so its lock can be taken over from a thread that panicked.

#![deny(clippy::unwrap_used)]

use std::sync::Mutex;

static TOTAL: Mutex<u32> = Mutex::new(0);

fn main() {
    *TOTAL
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner()) += 1;
}
