//! Fixed: the signature now says how long the text must live.

fn main() {
    print_later("hello");
}

fn print_later(text: &'static str) {
    spawn(move || println!("{text}"));
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
