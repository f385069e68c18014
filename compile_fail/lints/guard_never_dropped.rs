//! Forgetting a guard is safe and leaves its lock locked for ever.
//!
//! Lint: clippy::mem_forget
//! Source: clippy lint list, `mem_forget`.

#![deny(clippy::mem_forget)]

use std::sync::Mutex;

static TOTAL: Mutex<u32> = Mutex::new(0);

fn main() {
    let guard = TOTAL.lock().unwrap();
    std::mem::forget(guard);
}
