//! A closure that any thread may call needs `Sync`: `Send` covers moving it there, not calling it from two places.
//!
//! Error: E0277
//! Source: RUSTSEC-2026-0177 (pyo3 `PyCFunction::new_closure`, before 0.29).

use std::cell::Cell;

fn main() {
    let calls = Cell::new(0);
    new_closure(move || calls.set(calls.get() + 1));
}

fn new_closure<F: Fn() + Send + Sync + 'static>(_callable: F) {}
