//! An `async` block borrows what it mentions: spawned as a task it could run after the function has returned.
//!
//! Error: E0373
//! Source: Asynchronous Programming in Rust, "`async` lifetimes" and "`async move`".

fn main() {
    let name = String::from("task");
    spawn_task(async { println!("{name}") });
}

fn spawn_task<F: Future + Send + 'static>(_task: F) {}
