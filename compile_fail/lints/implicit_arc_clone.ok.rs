//! Fixed: the handle is visible.

#![deny(clippy::clone_on_ref_ptr)]

use std::sync::Arc;

fn main() {
    let config = Arc::new(vec![1, 2, 3]);
    let theirs = Arc::clone(&config);
    println!("{}", theirs.len());
}
