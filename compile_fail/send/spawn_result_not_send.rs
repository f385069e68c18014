//! What a thread returns crosses threads too: a job may not hand back an `Rc`.
//!
//! Error: E0277
//! Source: tokio PR 3089 (`spawn_blocking` lacked `R: Send` before 0.3.3).

use std::rc::Rc;
use std::thread::JoinHandle;

fn main() {
    let config = spawn(|| Rc::new(String::from("loaded")));
    println!("{}", config.join().unwrap());
}

fn spawn<R: Send + 'static>(job: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R> {
    std::thread::spawn(job)
}
