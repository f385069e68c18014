//! Fixed: the mutex turns the two borrows into turns.

fn main() {
    let total = std::sync::Mutex::new(0);
    std::thread::scope(|s| {
        run_in(s, || *total.lock().unwrap() += 1);
        run_in(s, || *total.lock().unwrap() += 1);
    });
    println!("{}", total.into_inner().unwrap());
}

fn run_in<'scope, F: FnOnce() + Send + 'scope>(s: &'scope std::thread::Scope<'scope, '_>, job: F) {
    s.spawn(job);
}
