//! A trait whose implementors are used from a background thread must require `Send` and `Sync` of them.
//!
//! Error: E0277
//! Source: RUSTSEC-2020-0098 (rusb `UsbContext`, before 0.7.0).

use std::rc::Rc;

trait Context: Send + Sync {}

struct Recorder {
    log: Rc<String>,
}

impl Context for Recorder {}

fn main() {}
