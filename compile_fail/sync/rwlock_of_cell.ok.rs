//! Fixed: a `Mutex` lets one thread in, which is enough for a `Cell`.

use std::cell::Cell;
use std::sync::Mutex;

fn main() {
    let last = Mutex::new(Cell::new(0));
    share(&last);
}

fn share<T: Sync>(_value: &T) {}
