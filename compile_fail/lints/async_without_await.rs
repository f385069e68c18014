//! An `async fn` that never awaits never yields: it runs to its end in one poll, however long that takes.
//!
//! Lint: clippy::unused_async
//! Source: clippy lint list, `unused_async`.

#![deny(clippy::unused_async)]

async fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().sum()
}

fn main() {
    drop(sum(&[1, 2, 3]));
}
