//! A registry filled before `main` hands `&T` to any thread that iterates: what is submitted must be `Sync`.
//!
//! Error: E0277
//! Source: RUSTSEC-2023-0058 (inventory before 0.2.0).

use std::cell::Cell;

struct Plugin {
    loads: Cell<u32>,
}

fn main() {
    let plugin = Box::leak(Box::new(Plugin {
        loads: Cell::new(0),
    }));
    submit(plugin);
}

fn submit<T: Sync>(_value: &'static T) {}
