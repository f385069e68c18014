//! Silent: a guard inside a struct of ours is held across the `await` too; the lint looks at the local's type only.
//!
//! Lint: clippy::await_holding_lock
//! Source: clippy lint list, `await_holding_lock`; run on 1.95. Requiring `Send` of the future does catch it.

#![deny(clippy::await_holding_lock)]

use std::sync::{Mutex, MutexGuard};

static HITS: Mutex<u32> = Mutex::new(0);

struct Session<'a>(MutexGuard<'a, u32>);

async fn count() {
    let mut session = Session(HITS.lock().unwrap());
    *session.0 += 1;
    tick().await;
}

async fn tick() {}

fn main() {
    drop(count());
}
