//! Fixed: the load acquires; the exchange does both.

#![deny(invalid_atomic_ordering)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let ready = AtomicBool::new(false);
    let _seen = ready.fetch_update(Ordering::AcqRel, Ordering::Acquire, |old| Some(!old));
}
