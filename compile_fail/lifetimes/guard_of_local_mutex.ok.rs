//! Fixed: a static mutex is there for every caller.

use std::sync::{Mutex, MutexGuard};

fn main() {
    println!("{}", locked());
}

fn locked() -> MutexGuard<'static, u32> {
    static TOTAL: Mutex<u32> = Mutex::new(1);
    TOTAL.lock().unwrap()
}
