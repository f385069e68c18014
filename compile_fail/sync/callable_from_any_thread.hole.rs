//! Hole: `Fn` takes `&self`, so two interpreter threads run one closure over one `Cell`; that is the bug.

use std::cell::Cell;

fn main() {
    let calls = Cell::new(0);
    new_closure(move || calls.set(calls.get() + 1));
}

fn new_closure<F: Fn() + Send + 'static>(_callable: F) {}
