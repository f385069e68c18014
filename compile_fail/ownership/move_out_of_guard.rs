//! A value cannot be moved out of a lock and leave a hole: the next thread would find it uninitialised.
//!
//! Error: E0507
//! Source: Rust error index, E0507; std docs, `mem::take`.

use std::sync::Mutex;

static QUEUE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn main() {
    let guard = QUEUE.lock().unwrap();
    let batch = *guard;
    println!("{}", batch.len());
}
