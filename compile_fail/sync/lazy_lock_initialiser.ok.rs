//! Fixed: the initialiser owns a number of its own.

use std::{rc::Rc, sync::LazyLock};

fn main() {
    let seed = Rc::new(7);
    let seed = Box::new(*seed);
    let table = LazyLock::new(move || vec![*seed; 4]);
    share(&table);
}

fn share<T: Sync>(_value: &T) {}
