//! Fixed: `get_mut` relies on the borrow checker in place of the lock.

#![deny(clippy::mut_mutex_lock)]

use std::sync::Mutex;

fn reset(total: &mut Mutex<u32>) {
    *total.get_mut().unwrap() = 0;
}

fn main() {
    reset(&mut Mutex::new(1));
}
