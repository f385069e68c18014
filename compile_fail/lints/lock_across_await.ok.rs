//! Fixed: the guard is dropped at the end of its statement.

#![deny(clippy::await_holding_lock)]

use std::sync::Mutex;

static HITS: Mutex<u32> = Mutex::new(0);

async fn count() {
    *HITS.lock().unwrap() += 1;
    tick().await;
}

async fn tick() {}

fn main() {
    drop(count());
}
