//! Fixed: the write guard is exclusive.

use std::sync::RwLock;

fn main() {
    let limit = RwLock::new(10);
    let mut guard = limit.write().unwrap();
    *guard = 20;
}
