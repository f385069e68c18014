//! Fixed: the `Rc` is gone before the task can be suspended.

use std::rc::Rc;

fn main() {
    spawn_task(async {
        println!("{}", Rc::new(7));
        tick().await;
    });
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
