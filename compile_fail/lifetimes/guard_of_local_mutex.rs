//! A function cannot return a guard of its own mutex.
//!
//! Error: E0515
//! Source: Rust error index, E0515; std docs, `Mutex::lock`.

use std::sync::{Mutex, MutexGuard};

fn main() {
    println!("{}", locked());
}

fn locked() -> MutexGuard<'static, u32> {
    let total = Mutex::new(1);
    total.lock().unwrap()
}
