//! Silent: a guard inside a struct of ours is dropped at once too, and neither rustc's lint nor clippy's looks inside.
//!
//! Lint: let_underscore_lock
//! Source: The rustc book, lint listing, `let_underscore_lock`; run on 1.95.

#![deny(let_underscore_lock)]

use std::sync::{Mutex, MutexGuard};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

struct Alone(#[expect(dead_code)] MutexGuard<'static, ()>);

fn main() {
    let _ = Alone(ONE_AT_A_TIME.lock().unwrap());
    println!("not alone");
}
