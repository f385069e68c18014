//! Fixed: the handle is kept in a binding for as long as its guard.

use std::sync::{Arc, Mutex};

fn main() {
    let total = shared_total();
    let guard = total.lock().unwrap();
    println!("{guard}");
}

fn shared_total() -> Arc<Mutex<u32>> {
    Arc::new(Mutex::new(1))
}
