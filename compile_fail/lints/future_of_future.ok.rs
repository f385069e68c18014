//! Fixed: the inner future is awaited where it is made.

#![deny(clippy::async_yields_async)]

async fn flush() -> u32 {
    1
}

async fn shut_down() {
    let flushed = async { flush().await };
    println!("{}", flushed.await);
}

fn main() {
    drop(shut_down());
}
