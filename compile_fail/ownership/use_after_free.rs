//! A value cannot be freed while a borrow of it is still to be used: use-after-free is a compile error in safe code.
//!
//! Error: E0505
//! Source: The Book, ch. 4.2 ("Dangling references"); Rust error index, E0505.

fn main() {
    let data = vec![1, 2, 3];
    let first = &data[0];
    drop(data);
    println!("{first}");
}
