//! Fixed: the thread returns the value and whoever joins decides how to share it.

use std::thread::JoinHandle;

fn main() {
    let config = spawn(|| String::from("loaded"));
    println!("{}", config.join().unwrap());
}

fn spawn<R: Send + 'static>(job: impl FnOnce() -> R + Send + 'static) -> JoinHandle<R> {
    std::thread::spawn(job)
}
