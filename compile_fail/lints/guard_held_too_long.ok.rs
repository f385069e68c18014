//! Fixed: the lock is held for the `pop` alone.

#![deny(clippy::significant_drop_tightening)]

use std::sync::Mutex;

static QUEUE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn take() -> Option<u32> {
    let job = QUEUE.lock().unwrap().pop();
    println!("working on {job:?}");
    job
}

fn main() {
    take();
}
