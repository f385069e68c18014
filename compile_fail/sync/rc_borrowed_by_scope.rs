//! Not even a borrowed `Rc` may reach another thread: cloning through the reference would touch the count.
//!
//! Error: E0277
//! Source: Rust Reference, "Auto traits" (`&T: Send` needs `T: Sync`); std docs, `Rc`.

use std::rc::Rc;

fn main() {
    let name = Rc::new(7);
    std::thread::scope(|s| {
        run_in(s, || println!("{name}"));
    });
}

fn run_in<'scope, F: FnOnce() + Send + 'scope>(s: &'scope std::thread::Scope<'scope, '_>, job: F) {
    s.spawn(job);
}
