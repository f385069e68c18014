//! The future of an `async fn` in a trait promises no `Send`: generic code cannot spawn it.
//!
//! Error: E0277
//! Source: Rust blog, "Announcing `async fn` and return-position `impl Trait` in traits" (2023), on `Send` bounds.

trait Service {
    async fn call(&self);
}

fn serve<S: Service>(service: &'static S) {
    spawn_task(service.call());
}

fn spawn_task<F: Future + Send + 'static>(_task: F) {}

fn main() {}
