//! A mutex cannot be taken apart while a guard is alive.
//!
//! Error: E0505
//! Source: std docs, `Mutex::into_inner`.

use std::sync::Mutex;

fn main() {
    let total = Mutex::new(1);
    let guard = total.lock().unwrap();
    finish(total);
    println!("{guard}");
}

fn finish(total: Mutex<u32>) -> u32 {
    total.into_inner().unwrap()
}
