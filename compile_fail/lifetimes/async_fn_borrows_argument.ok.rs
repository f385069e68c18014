//! Fixed: the task owns the string that its inner future borrows.

fn main() {
    let name = String::from("task");
    spawn_task(async move { greet(&name).await });
}

async fn greet(name: &str) {
    println!("{name}");
}

fn spawn_task<F: Future + Send + 'static>(_task: F) {}
