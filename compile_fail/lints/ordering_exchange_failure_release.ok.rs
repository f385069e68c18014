//! Fixed: a failed exchange acquires what the winner published.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    let _seen = ready.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire);
}
