//! Condition variables, with waits that may time out.

use std::time::Duration;

use super::{LockResult, MutexGuard};

/// `std::sync::Condvar`.
#[derive(Debug, Default)]
pub struct Condvar(rc11::sync::Condvar);

/// Whether a wait has timed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether it has.
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    /// A condition variable that nobody waits for.
    #[track_caller]
    pub fn new() -> Condvar {
        Condvar(rc11::sync::Condvar::new())
    }

    /// Gives the lock up, waits for a notification, and takes the lock again.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        self.0.wait(guard)
    }

    /// As [`wait`](Self::wait): as in loom, no time passes in a model.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        _time: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let guard = self.0.wait(guard).expect("nothing here is poisoned");
        Ok((guard, WaitTimeoutResult(false)))
    }

    /// Wakes one waiter, if there is one.
    #[track_caller]
    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    /// Wakes every waiter.
    #[track_caller]
    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}
