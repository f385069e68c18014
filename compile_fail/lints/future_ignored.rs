//! Calling an `async fn` runs none of it: a future that is not awaited does nothing.
//!
//! Lint: unused_must_use
//! Source: The rustc book, lint listing, `unused_must_use`.

#![deny(unused_must_use)]

async fn flush() {}

async fn shut_down() {
    flush();
}

fn main() {
    drop(shut_down());
}
