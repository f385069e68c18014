//! Fixed: the guard unlocks.

#![deny(clippy::mem_forget)]

use std::sync::Mutex;

static TOTAL: Mutex<u32> = Mutex::new(0);

fn main() {
    let guard = TOTAL.lock().unwrap();
    drop(guard);
}
