//! A value moved into a thread is gone from this one: there is no moment at which both could touch it.
//!
//! Error: E0382
//! Source: The Book, ch. 16.1 ("Using `move` closures with threads").

fn main() {
    let data = vec![1, 2, 3];
    spawn(move || println!("{data:?}"));
    println!("{data:?}");
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
