//! Fixed: declared before the scope, the vector outlives every thread in it.

fn main() {
    let part = vec![1, 2, 3];
    std::thread::scope(|s| {
        s.spawn(|| println!("{part:?}"));
    });
}
