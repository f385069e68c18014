//! The data is inside the mutex: there is no way to write it that forgets to lock.
//!
//! That each lock is taken is checked; the order of two locks is not: AB-BA compiles, no lint sees it, and it deadlocks.
//!
//! Error: E0614
//! Source: std docs, `Mutex` (no `Deref`).

use std::sync::Mutex;

fn main() {
    let total = Mutex::new(0);
    *total += 1;
    println!("{total:?}");
}
