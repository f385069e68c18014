//! A lock taken and not kept protects nothing: the guard is a temporary of its own statement.
//!
//! Lint: unused_must_use
//! Source: The rustc book, lint listing, `unused_must_use`.

#![deny(unused_must_use)]

use std::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn main() {
    ONE_AT_A_TIME.lock().unwrap();
    println!("not alone");
}
