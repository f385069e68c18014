//! A trait object carries only the auto traits it names: `dyn Fn()` is not `Send`, whatever closure it holds.
//!
//! Error: E0277
//! Source: Rust Reference, "Trait objects" (auto traits are part of the type).

use std::sync::Arc;

type Handler = Arc<dyn Fn()>;

fn main() {
    let handler: Handler = Arc::new(|| println!("event"));
    spawn(move || handler());
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
