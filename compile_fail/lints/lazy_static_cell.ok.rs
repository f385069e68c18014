//! Fixed: one dependency less, the same guarantee.

#![deny(clippy::non_std_lazy_statics)]

use std::sync::LazyLock;

static TABLE: LazyLock<Vec<u32>> = LazyLock::new(|| vec![1, 2, 3]);

fn main() {
    println!("{}", TABLE.len());
}
