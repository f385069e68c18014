//! `drop(guard)` before the `await` does not make a future `Send` once the guard was used: only a block does.
//!
//! Error: future cannot be sent between threads safely
//! Source: tokio docs, "Shared state" tutorial (restructure so that the guard is in a block).

use std::sync::Mutex;

static HITS: Mutex<u32> = Mutex::new(0);

fn main() {
    spawn_task(async {
        let mut hits = HITS.lock().unwrap();
        *hits += 1;
        drop(hits);
        tick().await;
    });
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
