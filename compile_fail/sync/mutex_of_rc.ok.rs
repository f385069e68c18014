//! Fixed: an `Arc` may be cloned inside the lock and outside it at once.

use std::sync::{Arc, Mutex};

fn main() {
    let name = Arc::new(7);
    share(&Mutex::new(Arc::clone(&name)));
}

fn share<T: Sync>(_value: &T) {}
