//! A job that gives away what it captured can run once: a pool that retries must ask for `Fn` and is refused.
//!
//! Error: E0525
//! Source: Rust Reference, "Closure types: Call traits and coercions".

fn main() {
    let payload = vec![1, 2, 3];
    let job = move || drop(payload);
    run_twice(job);
}

fn run_twice(job: impl Fn() + Send) {
    job();
    job();
}
