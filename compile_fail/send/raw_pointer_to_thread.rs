//! A raw pointer may not move to another thread: nothing says who owns what it points to.
//!
//! Error: E0277
//! Source: Rustonomicon, "Send and Sync" (raw pointers are neither, as a lint).

fn main() {
    let buffer = Box::new([0u8; 64]);
    let buffer = Box::into_raw(buffer);
    spawn(move || {
        let address = buffer;
        println!("{address:p}");
    });
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
