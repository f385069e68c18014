//! Fixed: the lock is a temporary.

#![deny(clippy::await_holding_invalid_type)]

use std::io::Write;

async fn greet() {
    std::io::stdout().lock().write_all(b"hello\n").unwrap();
    tick().await;
}

async fn tick() {}

fn main() {
    drop(greet());
}
