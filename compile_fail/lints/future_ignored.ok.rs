//! Fixed: the future is awaited.

#![deny(unused_must_use)]

async fn flush() {}

async fn shut_down() {
    flush().await;
}

fn main() {
    drop(shut_down());
}
