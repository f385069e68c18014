//! Hole: the registry takes anything and every thread sees it; that is the bug.

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

fn submit<T>(_value: &'static T) {}
