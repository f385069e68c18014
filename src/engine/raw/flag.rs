//! What one thread of a client tells another, over the engine's gate.

use std::cell::Cell;

use casebook_linear as linear;

use super::Gate;

/// A flag that is raised once.
pub struct Flag {
    gate: Gate,
    /// Touched inside the gate only.
    is_raised: Cell<bool>,
}

// SAFETY: the threads of an execution are coroutines that never leave the operating-system thread of their check, so nothing in it is
// ever reached from two of them.
unsafe impl Send for Flag {}
// SAFETY: as above.
unsafe impl Sync for Flag {}

impl linear::Flag for Flag {
    fn new() -> Self {
        Flag { gate: Gate::new(true), is_raised: Cell::new(false) }
    }

    fn tell(&self) {
        let inside = self.gate.enter();
        self.is_raised.set(true);
        self.gate.leave(inside, true);
    }

    fn hear(&self) {
        let mut inside = self.gate.enter();
        while !self.is_raised.get() {
            inside = self.gate.wait(inside);
        }
        self.gate.leave(inside, false);
    }
}
