//! Two threads may not hold `&mut` to one value: that is the data race itself, refused as a second mutable borrow.
//!
//! Error: E0499
//! Source: std docs, `thread::scope`; Rustonomicon, "Data Races and Race Conditions".

fn main() {
    let mut total = 0;
    std::thread::scope(|s| {
        run_in(s, || total += 1);
        run_in(s, || total += 1);
    });
    println!("{total}");
}

fn run_in<'scope, F: FnOnce() + Send + 'scope>(s: &'scope std::thread::Scope<'scope, '_>, job: F) {
    s.spawn(job);
}
