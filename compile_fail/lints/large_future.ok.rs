//! Fixed: the buffer is on the heap and the future holds a pointer.

#![deny(clippy::large_futures)]

async fn read() -> u8 {
    let buffer = vec![0u8; 32 * 1024];
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
