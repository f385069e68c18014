//! Fixed: the guard is a temporary and dies with its statement.

use std::sync::Mutex;

static HITS: Mutex<u32> = Mutex::new(0);

fn main() {
    spawn_task(async {
        *HITS.lock().unwrap() += 1;
        tick().await;
    });
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
