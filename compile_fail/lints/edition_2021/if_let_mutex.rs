//! Until edition 2024 an `if let` keeps its scrutinee's guard through the `else`: locking again there deadlocks.
//!
//! Lint: clippy::if_let_mutex
//! Source: clippy lint list, `if_let_mutex`; Edition Guide 2024, "`if let` temporary scope".

#![deny(clippy::if_let_mutex)]

use std::sync::Mutex;

static JOBS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn main() {
    if let Some(job) = JOBS.lock().unwrap().pop() {
        println!("{job}");
    } else {
        JOBS.lock().unwrap().push(2);
    }
}
