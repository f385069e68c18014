//! Fixed: who reads takes a counted handle, so no swap can free it underneath.

#![deny(clippy::disallowed_types)]

use std::sync::{Arc, RwLock};

static CONFIG: RwLock<Option<Arc<u32>>> = RwLock::new(None);

fn main() {
    println!("{CONFIG:?}");
}
