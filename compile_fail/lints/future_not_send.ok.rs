//! Fixed: what lives across the `await` is `Send`.

#![deny(clippy::future_not_send)]

use std::sync::Arc;

pub async fn fetch(id: Arc<u32>) -> u32 {
    tick().await;
    *id
}

async fn tick() {}

fn main() {
    drop(fetch(Arc::new(1)));
}
