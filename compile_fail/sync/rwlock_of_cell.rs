//! A `RwLock` needs more than a `Mutex`: two readers hold `&T` together, so `T` must be `Sync` as well.
//!
//! Error: E0277
//! Source: std docs, `RwLock` (`impl<T: Send + Sync> Sync`).

use std::cell::Cell;
use std::sync::RwLock;

fn main() {
    let last = RwLock::new(Cell::new(0));
    share(&last);
}

fn share<T: Sync>(_value: &T) {}
