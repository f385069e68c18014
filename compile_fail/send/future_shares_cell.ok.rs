//! Fixed: the atomic may be shared, so a reference to it may travel.

use std::sync::atomic::{AtomicU32, Ordering};

fn main() {
    spawn_task(async {
        let hits = AtomicU32::new(0);
        count(&hits).await;
    });
}

async fn count(hits: &AtomicU32) {
    tick().await;
    hits.fetch_add(1, Ordering::Relaxed);
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
