//! A collection cannot grow while it is being iterated: the buffer could move under the iterator.
//!
//! Error: E0502
//! Source: Rust Reference, "Borrow operators"; The Book, ch. 8.1 ("Reading elements of vectors").

fn main() {
    let mut jobs = vec![1, 2, 3];
    for job in &jobs {
        if *job == 2 {
            jobs.push(20);
        }
    }
    println!("{jobs:?}");
}
