//! An `async` block that ends in a future gives that future back unpolled: the work is not done.
//!
//! Lint: clippy::async_yields_async
//! Source: clippy lint list, `async_yields_async`.

#![deny(clippy::async_yields_async)]

async fn flush() -> u32 {
    1
}

async fn shut_down() {
    let flushed = async { flush() };
    drop(flushed.await);
}

fn main() {
    drop(shut_down());
}
