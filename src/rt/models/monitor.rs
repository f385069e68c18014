//! State under a lock, with one condition variable: what every blocking model is made of.

use std::cell::UnsafeCell;
use std::panic::Location;

use super::raw;
use crate::probe::{self, Wait};

/// State that is changed under a lock and waited for.
pub(super) struct Monitor<T> {
    lock: raw::Mutex<()>,
    changed: raw::Condvar,
    state: UnsafeCell<State<T>>,
}

struct State<T> {
    value: T,
    waiters: usize,
}

// SAFETY: the state is reached under the lock only.
unsafe impl<T: Send> Send for Monitor<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Monitor<T> {}

impl<T> Monitor<T> {
    pub(super) fn new(value: T) -> Self {
        Monitor {
            lock: raw::Mutex::new(()),
            changed: raw::Condvar::new(),
            state: UnsafeCell::new(State { value, waiters: 0 }),
        }
    }

    /// Changes the state and tells the waiters.
    pub(super) fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        probe::require_running();
        let Ok(_held) = self.lock.lock() else { unreachable!("no engine poisons") };
        // SAFETY: the lock is held.
        let state = unsafe { &mut *self.state.get() };
        let result = change(&mut state.value);
        if state.waiters > 0 {
            self.changed.notify_all();
        }
        result
    }

    /// Waits until `attempt`, tried after every change, gives something.
    #[track_caller]
    pub(super) fn wait_for<R>(
        &self,
        what: Wait,
        mut attempt: impl FnMut(&mut T) -> Option<R>,
    ) -> R {
        probe::require_running();
        let me = raw::thread_index();
        let at = Location::caller();
        let Ok(mut held) = self.lock.lock() else { unreachable!("no engine poisons") };
        loop {
            // SAFETY: the lock is held.
            let state = unsafe { &mut *self.state.get() };
            if let Some(result) = attempt(&mut state.value) {
                if state.waiters > 0 {
                    self.changed.notify_all();
                }
                drop(held);
                return result;
            }
            state.waiters += 1;
            probe::wait(me, what, std::ptr::from_ref(self).addr(), at);
            let Ok(again) = self.changed.wait(held) else { unreachable!("no engine poisons") };
            held = again;
            probe::unwait(me);
            // SAFETY: the lock is held again.
            unsafe { (*self.state.get()).waiters -= 1 };
        }
    }
}
