//! Fixed: each call gives away a copy.

fn main() {
    let payload = vec![1, 2, 3];
    let job = move || drop(payload.clone());
    run_twice(job);
}

fn run_twice(job: impl Fn() + Send) {
    job();
    job();
}
