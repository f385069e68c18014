//! `drop` of a `ManuallyDrop` drops nothing: a guard inside it stays locked.
//!
//! Lint: undropped_manually_drops
//! Source: The rustc book, lint listing, `undropped_manually_drops`.

#![deny(undropped_manually_drops)]

use std::{mem::ManuallyDrop, sync::Mutex};

static TOTAL: Mutex<u32> = Mutex::new(0);

fn main() {
    let guard = ManuallyDrop::new(TOTAL.lock().unwrap());
    drop(guard);
}
