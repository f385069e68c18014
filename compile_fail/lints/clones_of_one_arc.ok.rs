//! Fixed: the closure makes a mutex for each shard.

#![deny(clippy::rc_clone_in_vec_init)]

use std::sync::{Arc, Mutex};

fn main() {
    let shards: Vec<_> = (0..8).map(|_| Arc::new(Mutex::new(0u64))).collect();
    println!("{}", shards.len());
}
