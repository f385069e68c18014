//! A write lock that only reads keeps all other readers out.
//!
//! Lint: clippy::readonly_write_lock
//! Source: clippy lint list, `readonly_write_lock`.

#![deny(clippy::readonly_write_lock)]

use std::sync::RwLock;

fn length(routes: &RwLock<Vec<u32>>) -> usize {
    let routes = routes.write().unwrap();
    routes.len()
}

fn main() {
    length(&RwLock::default());
}
