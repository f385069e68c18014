//! A future that keeps an `Rc` across an `await` is not `Send`: a work-stealing executor could resume it elsewhere.
//!
//! Error: future cannot be sent between threads safely
//! Source: Asynchronous Programming in Rust, "Send Approximation".

use std::rc::Rc;

fn main() {
    spawn_task(async {
        let id = Rc::new(7);
        tick().await;
        println!("{id}");
    });
}

async fn tick() {}

fn spawn_task(_task: impl Future<Output = ()> + Send + 'static) {}
