//! Fixed: the guard is dropped first.

use std::sync::Mutex;

fn main() {
    let total = Mutex::new(1);
    let guard = total.lock().unwrap();
    println!("{guard}");
    drop(guard);
    finish(total);
}

fn finish(total: Mutex<u32>) -> u32 {
    total.into_inner().unwrap()
}
