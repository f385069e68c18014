//! A `LazyLock` runs its closure on whichever thread comes first, so the closure must be `Send`.
//!
//! Error: E0277
//! Source: std docs, `LazyLock` (`impl<T: Send + Sync, F: Send> Sync`).

use std::{rc::Rc, sync::LazyLock};

fn main() {
    let seed = Rc::new(7);
    let table = LazyLock::new(move || vec![*seed; 4]);
    share(&table);
}

fn share<T: Sync>(_value: &T) {}
