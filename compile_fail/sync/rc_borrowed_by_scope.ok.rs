//! Fixed: the thread borrows the number and never sees the count.

use std::rc::Rc;

fn main() {
    let name = Rc::new(7);
    let name: &i32 = &name;
    std::thread::scope(|s| {
        run_in(s, || println!("{name}"));
    });
}

fn run_in<'scope, F: FnOnce() + Send + 'scope>(s: &'scope std::thread::Scope<'scope, '_>, job: F) {
    s.spawn(job);
}
