//! Fixed: `async move` gives the name to the task.

fn main() {
    let name = String::from("task");
    spawn_task(async move { println!("{name}") });
}

fn spawn_task<F: Future + Send + 'static>(_task: F) {}
