//! Fixed: `Arc` counts atomically.

use std::sync::Arc;

fn main() {
    let name = Arc::new(String::from("worker"));
    let theirs = Arc::clone(&name);
    spawn(move || println!("{theirs}"));
    println!("{name}");
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
