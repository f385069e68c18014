//! Fixed: the future is awaited.

#![deny(clippy::let_underscore_future)]

async fn flush() {}

async fn shut_down() {
    flush().await;
}

fn main() {
    drop(shut_down());
}
