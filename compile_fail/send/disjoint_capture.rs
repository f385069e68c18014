//! Wrapping a raw pointer in a `Send` newtype does not help a closure that names its field: it captures the pointer.
//!
//! Error: E0277
//! Source: Edition Guide, Rust 2021, "Disjoint capture in closures".

struct Job(*mut u64);
// SAFETY: a `Job` is the only handle to its number.
unsafe impl Send for Job {}

fn main() {
    let job = Job(Box::into_raw(Box::new(7)));
    spawn(move || {
        let pointer = job.0;
        // SAFETY: the pointer came from `Box::into_raw` and no one else has it.
        println!("{}", unsafe { Box::from_raw(pointer) });
    });
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
