//! A guard that is needed for one statement should not live through the slow ones after it.
//!
//! Lint: clippy::significant_drop_tightening
//! Source: clippy lint list, `significant_drop_tightening`.

#![deny(clippy::significant_drop_tightening)]

use std::sync::Mutex;

static QUEUE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn take() -> Option<u32> {
    let mut queue = QUEUE.lock().unwrap();
    let job = queue.pop();
    println!("working on {job:?}");
    job
}

fn main() {
    take();
}
