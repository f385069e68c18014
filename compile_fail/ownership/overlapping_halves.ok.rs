//! Fixed: `split_at_mut` is where the proof of disjointness lives.

fn main() {
    let mut cells = [0; 8];
    let (left, right) = cells.split_at_mut(4);
    std::thread::scope(|s| {
        s.spawn(|| left.fill(1));
        s.spawn(|| right.fill(2));
    });
}
