//! The list of guards is open: a project names its own, such as stdout's lock, in `clippy.toml`.
//!
//! Lint: clippy::await_holding_invalid_type
//! Source: clippy lint list, `await_holding_invalid_type`.

#![deny(clippy::await_holding_invalid_type)]

use std::io::Write;

async fn greet() {
    let mut out = std::io::stdout().lock();
    out.write_all(b"hello\n").unwrap();
    tick().await;
}

async fn tick() {}

fn main() {
    drop(greet());
}
