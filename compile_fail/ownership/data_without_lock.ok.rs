//! Fixed: the guard is the only door, and it locks.

use std::sync::Mutex;

fn main() {
    let total = Mutex::new(0);
    *total.lock().unwrap() += 1;
    println!("{total:?}");
}
