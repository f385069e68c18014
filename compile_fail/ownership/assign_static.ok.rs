//! Fixed: the flag is an atomic; `Relaxed` is enough while it guards no other data.

use std::sync::atomic::{AtomicBool, Ordering};

static VERBOSE: AtomicBool = AtomicBool::new(false);

fn main() {
    VERBOSE.store(true, Ordering::Relaxed);
}
