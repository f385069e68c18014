//! Fixed: the store is `Release` so that a reader of the flag sees what came before it, as unlocking did.

#![deny(clippy::mutex_atomic)]

use std::sync::atomic::{AtomicBool, Ordering};

fn main() {
    let stop = AtomicBool::new(false);
    stop.store(true, Ordering::Release);
}
