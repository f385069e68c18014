//! A future stores what lives across its awaits: a big buffer is copied with every move of the future.
//!
//! Lint: clippy::large_futures
//! Source: clippy lint list, `large_futures`.

#![deny(clippy::large_futures)]

async fn read() -> u8 {
    let buffer = [0u8; 32 * 1024];
    tick().await;
    buffer[0]
}

async fn tick() {}

async fn serve() -> u8 {
    read().await
}

fn main() {
    drop(serve());
}
