//! A queue with one producer says so with `&mut self`: two threads cannot push at the same time.
//!
//! Error: E0499
//! Source: spmc commit f9686a0 (`Sender::send` takes `&mut self` since 0.3.0).

#[derive(Default)]
struct Sender;

impl Sender {
    fn send(&mut self, _message: u32) {}
}

fn main() {
    let mut tx = Sender;
    std::thread::scope(|s| {
        run_in(s, || tx.send(1));
        run_in(s, || tx.send(2));
    });
}

fn run_in<'scope, F: FnOnce() + Send + 'scope>(s: &'scope std::thread::Scope<'scope, '_>, job: F) {
    s.spawn(job);
}
