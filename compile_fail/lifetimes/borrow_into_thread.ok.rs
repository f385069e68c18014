//! Fixed: `move` gives the vector to the thread.

fn main() {
    let data = vec![1, 2, 3];
    spawn(move || println!("{data:?}"));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
