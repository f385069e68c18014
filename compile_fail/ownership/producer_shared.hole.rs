//! Hole: with `&self` the single-producer algorithm is entered twice; that is the bug.

#[derive(Default)]
struct Sender;

impl Sender {
    fn send(&self, _message: u32) {}
}

fn main() {
    let tx = Sender;
    std::thread::scope(|s| {
        run_in(s, || tx.send(1));
        run_in(s, || tx.send(2));
    });
}

fn run_in<'scope, F: FnOnce() + Send + 'scope>(s: &'scope std::thread::Scope<'scope, '_>, job: F) {
    s.spawn(job);
}
