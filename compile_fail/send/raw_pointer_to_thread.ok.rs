//! Fixed: the box itself moves, and with it the ownership the pointer had lost.

fn main() {
    let buffer = Box::new([0u8; 64]);
    spawn(move || {
        let address = buffer;
        println!("{address:p}");
    });
}

fn spawn<F: FnOnce() + Send + 'static>(job: F) {
    std::thread::spawn(job).join().expect("the job returns");
}
