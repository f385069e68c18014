//! A value may not be read here while a scoped thread writes it: shared and exclusive borrows never overlap.
//!
//! Error: E0502
//! Source: std docs, `thread::scope`; The Book, ch. 4.2.

fn main() {
    let mut log = vec![1];
    std::thread::scope(|s| {
        let writer = s.spawn(|| log.push(2));
        println!("{}", log.len());
        writer.join().unwrap();
    });
}
