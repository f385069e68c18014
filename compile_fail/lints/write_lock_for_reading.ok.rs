//! Fixed: readers share.

#![deny(clippy::readonly_write_lock)]

use std::sync::RwLock;

fn length(routes: &RwLock<Vec<u32>>) -> usize {
    let routes = routes.read().unwrap();
    routes.len()
}

fn main() {
    length(&RwLock::default());
}
