//! Fixed: a plain function says that it blocks its caller.

#![deny(clippy::unused_async)]

fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().sum()
}

fn main() {
    println!("{}", sum(&[1, 2, 3]));
}
