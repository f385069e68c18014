//! A generic function that spawns must ask for `Send`: the bound is part of its contract, not inferred from its body.
//!
//! Error: E0277
//! Source: Rust Reference, "Special types and traits: Auto traits"; The Book, ch. 21 (thread pool).

fn main() {
    run_later(vec![1, 2, 3]);
}

fn run_later<T: 'static>(work: T) {
    spawn(move || drop(work));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
