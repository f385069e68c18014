//! State under a lock, with one condition variable: what every blocking model is made of.

use std::cell::UnsafeCell;

use super as raw;
use super::super::facade::{require_running, wait_begins, wait_ends};
use casebook_engine::probe::Wait;

/// State that is changed under a lock and waited for.
pub struct Monitor<T> {
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
    /// All who change the state or wait for it come one after another.
    pub fn new(value: T) -> Self {
        Monitor::over(raw::Mutex::new(()), value)
    }

    /// Nothing is ordered but what moments in the state order.
    pub fn unordered(value: T) -> Self {
        Monitor::over(raw::unordered_mutex(), value)
    }

    fn over(lock: raw::Mutex<()>, value: T) -> Self {
        Monitor {
            lock,
            changed: raw::Condvar::new(),
            state: UnsafeCell::new(State { value, waiters: 0 }),
        }
    }

    /// Changes the state and tells the waiters.
    pub fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        require_running();
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
    pub fn wait_for<R>(&self, what: Wait, mut attempt: impl FnMut(&mut T) -> Option<R>) -> R {
        require_running();
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
            wait_begins(what, std::ptr::from_ref(self).addr());
            let again = self.changed.wait(held);
            wait_ends();
            let Ok(again) = again else { unreachable!("no engine poisons") };
            held = again;
            // SAFETY: the lock is held again.
            unsafe { (*self.state.get()).waiters -= 1 };
        }
    }
}
