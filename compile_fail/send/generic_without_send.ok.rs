//! Fixed: the caller now has to prove that its work may cross.

fn main() {
    run_later(vec![1, 2, 3]);
}

fn run_later<T: Send + 'static>(work: T) {
    spawn(move || drop(work));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
