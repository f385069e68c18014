//! The standard library has lazy statics: `LazyLock` replaces `once_cell::sync::Lazy`.
//!
//! Lint: clippy::non_std_lazy_statics
//! Source: clippy lint list, `non_std_lazy_statics`.

#![deny(clippy::non_std_lazy_statics)]

use once_cell::sync::Lazy;

static TABLE: Lazy<Vec<u32>> = Lazy::new(|| vec![1, 2, 3]);

fn main() {
    println!("{}", TABLE.len());
}
