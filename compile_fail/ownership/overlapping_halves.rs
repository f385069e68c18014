//! Two threads may write to one slice only if the halves are disjoint, and indexing does not prove that they are.
//!
//! Error: E0499
//! Source: The Book, ch. 20.1 (`split_at_mut`); Rustonomicon, "Splitting Borrows".

fn main() {
    let mut cells = [0; 8];
    let left = &mut cells[..4];
    let right = &mut cells[4..];
    std::thread::scope(|s| {
        s.spawn(|| left.fill(1));
        s.spawn(|| right.fill(2));
    });
}
