//! A future that keeps `&Cell` across an `await` is not `Send`: the compiler does not see that the cell travels along.
//!
//! Error: future cannot be sent between threads safely
//! Source: std docs, `Cell` (`impl !Sync`); Rust Reference, "Auto traits" (`&T: Send` needs `T: Sync`).

use std::cell::Cell;

fn main() {
    spawn_task(async {
        let hits = Cell::new(0);
        count(&hits).await;
    });
}

async fn count(hits: &Cell<u32>) {
    tick().await;
    hits.set(hits.get() + 1);
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
