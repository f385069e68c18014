//! A mutex around a lone flag does what an atomic does with less.
//!
//! Lint: clippy::mutex_atomic
//! Source: clippy lint list, `mutex_atomic`.

#![deny(clippy::mutex_atomic)]

use std::sync::Mutex;

fn main() {
    let stop = Mutex::new(false);
    *stop.lock().unwrap() = true;
}
