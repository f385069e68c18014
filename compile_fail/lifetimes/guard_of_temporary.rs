//! A guard on a lock that exists only for the statement is refused: the lock would be gone before its guard.
//!
//! Error: E0716
//! Source: Rust Reference, "Destructors: Temporary scopes".

use std::sync::{Arc, Mutex};

fn main() {
    let guard = shared_total().lock().unwrap();
    println!("{guard}");
}

fn shared_total() -> Arc<Mutex<u32>> {
    Arc::new(Mutex::new(1))
}
