//! A guard cannot outlive the mutex it unlocks.
//!
//! Error: E0597
//! Source: std docs, `MutexGuard<'a, T>`.

use std::sync::Mutex;

fn main() {
    let guard;
    {
        let total = Mutex::new(1);
        guard = total.lock().unwrap();
    }
    println!("{guard}");
}
