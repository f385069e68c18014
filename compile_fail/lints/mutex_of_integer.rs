//! A mutex around a lone counter does what `fetch_add` does in one operation.
//!
//! Lint: clippy::mutex_integer
//! Source: clippy lint list, `mutex_integer`.

#![deny(clippy::mutex_integer)]

use std::sync::Mutex;

fn main() {
    let hits = Mutex::new(0u64);
    *hits.lock().unwrap() += 1;
}
