//! A spawned thread may outlive the function that started it, so its closure cannot borrow the function's locals.
//!
//! Error: E0373
//! Source: The Book, ch. 16.1; std docs, `thread::spawn` (`F: 'static`).

fn main() {
    let data = vec![1, 2, 3];
    spawn(|| println!("{data:?}"));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
