//! A scoped thread's handle cannot leave its scope: after the scope there is no thread to join.
//!
//! Error: lifetime may not live long enough
//! Source: std docs, `thread::Scope::spawn`.

fn main() {
    let handle = std::thread::scope(|s| s.spawn(|| 7));
    println!("{}", handle.join().unwrap());
}
