//! Hole: anyone may implement the trait with an `Rc`, which the library then uses on its own thread; that is the bug.

use std::rc::Rc;

trait Context {}

struct Recorder {
    log: Rc<String>,
}

impl Context for Recorder {}

fn main() {}
