//! Fixed: the lock checks it.

#![deny(static_mut_refs)]

use std::sync::Mutex;

static LOG: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn main() {
    let count = LOG.lock().unwrap().len();
    println!("{count}");
}
