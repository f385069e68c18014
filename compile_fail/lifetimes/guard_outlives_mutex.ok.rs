//! Fixed: the mutex is declared first and so dropped last.

use std::sync::Mutex;

fn main() {
    let total = Mutex::new(1);
    let guard = total.lock().unwrap();
    println!("{guard}");
}
