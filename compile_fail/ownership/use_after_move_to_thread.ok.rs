//! Fixed: each thread has a vector of its own.

fn main() {
    let data = vec![1, 2, 3];
    let theirs = data.clone();
    spawn(move || println!("{theirs:?}"));
    println!("{data:?}");
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
