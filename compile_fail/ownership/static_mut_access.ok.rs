//! Fixed: an atomic static needs neither `mut` nor `unsafe`.

use std::sync::atomic::{AtomicU32, Ordering};

static HITS: AtomicU32 = AtomicU32::new(0);

fn main() {
    HITS.fetch_add(1, Ordering::Relaxed);
}
