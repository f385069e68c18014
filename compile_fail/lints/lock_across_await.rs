//! A lock guard held across an `await` keeps the lock while other tasks run; on one thread the next locker deadlocks.
//!
//! Lint: clippy::await_holding_lock
//! Source: clippy lint list, `await_holding_lock`.

#![deny(clippy::await_holding_lock)]

use std::sync::Mutex;

static HITS: Mutex<u32> = Mutex::new(0);

async fn count() {
    let mut hits = HITS.lock().unwrap();
    *hits += 1;
    tick().await;
}

async fn tick() {}

fn main() {
    drop(count());
}
