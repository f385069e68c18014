//! A scoped thread may borrow what outlives the scope, not what is declared inside its body.
//!
//! Error: E0373
//! Source: std docs, `thread::scope` ("Lifetimes").

fn main() {
    std::thread::scope(|s| {
        let part = vec![1, 2, 3];
        s.spawn(|| println!("{part:?}"));
    });
}
