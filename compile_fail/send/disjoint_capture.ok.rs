//! Fixed: moving the whole `Job` first makes the closure capture the newtype.

struct Job(*mut u64);
// SAFETY: a `Job` is the only handle to its number.
unsafe impl Send for Job {}

fn main() {
    let job = Job(Box::into_raw(Box::new(7)));
    spawn(move || {
        let Job(pointer) = { job };
        // SAFETY: the pointer came from `Box::into_raw` and no one else has it.
        println!("{}", unsafe { Box::from_raw(pointer) });
    });
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
