//! State behind a gate, with changes to wait for: what every blocking model is made of.

use std::cell::UnsafeCell;

use super::{raw, require_running, timed_wait_begins, wait_begins, wait_ends};
use casebook_engine::probe::Wait;

/// State that is changed by one thread at a time and waited for.
pub struct Monitor<T> {
    gate: raw::Gate,
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
    #[track_caller]
    pub fn new(value: T) -> Self {
        Monitor::behind(raw::Gate::new(true), value)
    }

    /// Nothing is ordered but what moments in the state order.
    #[track_caller]
    pub fn unordered(value: T) -> Self {
        Monitor::behind(raw::Gate::new(false), value)
    }

    fn behind(gate: raw::Gate, value: T) -> Self {
        Monitor { gate, state: UnsafeCell::new(State { value, waiters: 0 }) }
    }

    /// Changes the state and tells the waiters.
    #[track_caller]
    pub fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        require_running();
        let inside = self.gate.enter();
        // SAFETY: nobody else is inside the gate, and `change` does not pause.
        let state = unsafe { &mut *self.state.get() };
        let result = change(&mut state.value);
        let waited_for = state.waiters > 0;
        self.gate.leave(inside, waited_for);
        result
    }

    /// Waits until `attempt`, tried after every change, gives something.
    #[track_caller]
    pub fn wait_for<R>(&self, what: Wait, mut attempt: impl FnMut(&mut T) -> Option<R>) -> R {
        let result = self.wait_until(what, false, |state, _| attempt(state));
        result.expect("without a time-out it waits until there is something")
    }

    /// As [`wait_for`](Self::wait_for), or until a time-out if it is `timed`. Then `attempt` is tried once more, and told that
    /// it is the last time: what it left in the state it takes back.
    #[track_caller]
    pub fn wait_until<R>(
        &self,
        what: Wait,
        timed: bool,
        mut attempt: impl FnMut(&mut T, bool) -> Option<R>,
    ) -> Option<R> {
        require_running();
        let mut inside = self.gate.enter();
        let mut timed_out = false;
        loop {
            // SAFETY: nobody else is inside the gate, and `attempt` does not pause.
            let state = unsafe { &mut *self.state.get() };
            let result = attempt(&mut state.value, timed_out);
            if result.is_some() || timed_out {
                let waited_for = state.waiters > 0;
                self.gate.leave(inside, waited_for);
                return result;
            }
            state.waiters += 1;
            let object = std::ptr::from_ref(self).addr();
            if timed {
                timed_wait_begins(what, object);
                (inside, timed_out) = self.gate.wait_timeout(inside);
            } else {
                wait_begins(what, object);
                inside = self.gate.wait(inside);
            }
            wait_ends();
            // SAFETY: as above.
            unsafe { (*self.state.get()).waiters -= 1 };
        }
    }
}
