//! A future that holds a `std` lock guard across an `await` is not `Send`: another worker could end up unlocking.
//!
//! On a single-threaded executor the bound is absent and the same mistake deadlocks instead; `clippy::await_holding_lock`
//! is the answer there.
//!
//! Error: future cannot be sent between threads safely
//! Source: tokio docs, "Shared state" tutorial; std docs, `MutexGuard`.

use std::sync::Mutex;

static HITS: Mutex<u32> = Mutex::new(0);

fn main() {
    spawn_task(async {
        let mut hits = HITS.lock().unwrap();
        *hits += 1;
        tick().await;
    });
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
