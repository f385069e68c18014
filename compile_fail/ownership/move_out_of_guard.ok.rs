//! Fixed: `take` leaves an empty vector behind.

use std::sync::Mutex;

static QUEUE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn main() {
    let mut guard = QUEUE.lock().unwrap();
    let batch = std::mem::take(&mut *guard);
    println!("{}", batch.len());
}
