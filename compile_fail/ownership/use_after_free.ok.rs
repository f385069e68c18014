//! Fixed: the borrow ends before the memory is given back.

fn main() {
    let data = vec![1, 2, 3];
    let first = &data[0];
    println!("{first}");
    drop(data);
}
