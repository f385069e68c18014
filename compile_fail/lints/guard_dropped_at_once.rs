//! `let _ = lock()` does not hold the lock: `_` binds nothing, so the guard is dropped before the next line.
//!
//! Lint: let_underscore_lock
//! Source: The rustc book, lint listing, `let_underscore_lock`.

#![deny(let_underscore_lock)]

use std::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn main() {
    let _ = ONE_AT_A_TIME.lock().unwrap();
    println!("not alone");
}
