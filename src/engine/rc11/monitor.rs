//! State behind a gate of rc11, with changes to wait for.

use std::cell::UnsafeCell;

use super::facade::{require_running, wait_begins, wait_ends};
use casebook_engine::probe::Wait;
use rc11::sync::Gate;

/// State that is changed by one thread at a time and waited for.
pub struct Monitor<T> {
    gate: Gate,
    state: UnsafeCell<State<T>>,
}

struct State<T> {
    value: T,
    waiters: usize,
}

// SAFETY: the state is reached inside the gate only.
unsafe impl<T: Send> Send for Monitor<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Monitor<T> {}

impl<T> Monitor<T> {
    /// All who change the state or wait for it come one after another.
    pub fn new(value: T) -> Self {
        Monitor::over(Gate::new(true), value)
    }

    /// Nothing is ordered but what moments in the state order.
    pub fn unordered(value: T) -> Self {
        Monitor::over(Gate::new(false), value)
    }

    fn over(gate: Gate, value: T) -> Self {
        Monitor { gate, state: UnsafeCell::new(State { value, waiters: 0 }) }
    }

    /// Changes the state and tells the waiters.
    pub fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        require_running();
        let changes = self.gate.enter();
        // SAFETY: nobody else is inside the gate, and `change` does not pause.
        let state = unsafe { &mut *self.state.get() };
        let result = change(&mut state.value);
        let waited_for = state.waiters > 0;
        self.gate.leave(changes, waited_for);
        result
    }

    /// Waits until `attempt`, tried after every change, gives something.
    #[track_caller]
    pub fn wait_for<R>(&self, what: Wait, mut attempt: impl FnMut(&mut T) -> Option<R>) -> R {
        require_running();
        let mut changes = self.gate.enter();
        loop {
            // SAFETY: nobody else is inside the gate, and `attempt` does not pause.
            let state = unsafe { &mut *self.state.get() };
            if let Some(result) = attempt(&mut state.value) {
                let waited_for = state.waiters > 0;
                self.gate.leave(changes, waited_for);
                return result;
            }
            state.waiters += 1;
            self.gate.leave(changes, false);
            wait_begins(what, std::ptr::from_ref(self).addr());
            changes = self.gate.enter_changed(changes);
            wait_ends();
            // SAFETY: as above.
            unsafe { (*self.state.get()).waiters -= 1 };
        }
    }
}
