//! The future of an `async fn` borrows its reference arguments until it ends, so it cannot be spawned with a local.
//!
//! Error: E0597
//! Source: Asynchronous Programming in Rust, "`async` lifetimes".

fn main() {
    let name = String::from("task");
    spawn_task(greet(&name));
}

async fn greet(name: &str) {
    println!("{name}");
}

fn spawn_task<F: Future + Send + 'static>(_task: F) {}
