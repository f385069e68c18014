//! Fixed: the block ends the guard where the compiler looks for it.

use std::sync::Mutex;

static HITS: Mutex<u32> = Mutex::new(0);

fn main() {
    spawn_task(async {
        {
            let mut hits = HITS.lock().unwrap();
            *hits += 1;
        }
        tick().await;
    });
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
