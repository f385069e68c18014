//! A borrowed argument cannot be handed to a spawned thread: the caller only lent it for the call.
//!
//! Error: E0521
//! Source: Rust error index, E0521; std docs, `thread::spawn`.

fn main() {
    print_later("hello");
}

fn print_later(text: &str) {
    spawn(move || println!("{text}"));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
