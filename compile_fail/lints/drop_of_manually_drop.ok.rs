//! Fixed: the guard is taken out and dropped.

#![deny(undropped_manually_drops)]

use std::{mem::ManuallyDrop, sync::Mutex};

static TOTAL: Mutex<u32> = Mutex::new(0);

fn main() {
    let guard = ManuallyDrop::new(TOTAL.lock().unwrap());
    drop(ManuallyDrop::into_inner(guard));
}
