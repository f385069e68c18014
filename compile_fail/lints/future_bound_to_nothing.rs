//! `let _ = future` drops the future unpolled, and silences the warning that would have said so.
//!
//! Lint: clippy::let_underscore_future
//! Source: clippy lint list, `let_underscore_future`.

#![deny(clippy::let_underscore_future)]

async fn flush() {}

async fn shut_down() {
    let _ = flush();
}

fn main() {
    drop(shut_down());
}
