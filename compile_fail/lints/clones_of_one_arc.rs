//! `vec![Arc::new(..); n]` makes n handles to one value, not n values: shards that were to be independent contend.
//!
//! Lint: clippy::rc_clone_in_vec_init
//! Source: clippy lint list, `rc_clone_in_vec_init`.

#![deny(clippy::rc_clone_in_vec_init)]

use std::sync::{Arc, Mutex};

fn main() {
    let shards = vec![Arc::new(Mutex::new(0u64)); 8];
    println!("{}", shards.len());
}
