//! The engine's condition variable, with the story of its waiters and their wake-ups.

use std::mem::ManuallyDrop;
use std::sync::LockResult;
use std::time::Duration;

use super::mutex::{Mutex, MutexGuard};
use super::{
    address, holds, raw, record, require_running, stopped, timed_wait_begins, wait_begins,
    wait_ends, woken,
};
use casebook_engine::probe::Wait;

/// `std::sync::Condvar`.
pub struct Condvar(raw::Condvar);

impl Condvar {
    /// A condition variable nobody waits on.
    #[expect(clippy::new_without_default, reason = "`std` has it, cases do not need it")]
    #[track_caller]
    pub fn new() -> Self {
        Condvar(raw::Condvar::new())
    }

    /// Gives the lock up, waits for a notification, and takes the lock again.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let (mutex, held) = self.gives_up(guard, "wait");
        wait_begins(Wait::Condvar, address(self));
        let held = self.0.wait(held);
        wait_ends();
        let Ok(held) = held else { unreachable!("no engine poisons") };
        mutex.entered("woken");
        Ok(mutex.guard(Some(held)))
    }

    /// As [`wait`](Self::wait), and may time out at any moment: once in an execution for each thread. No time passes, so
    /// `_time` is not looked at, and of two waits any may time out first. A notification may go to a waiter that has
    /// timed out and does not hold the lock yet.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        _time: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (mutex, held) = self.gives_up(guard, "wait_timeout");
        timed_wait_begins(Wait::Condvar, address(self));
        let (held, timed_out) = raw::wait_timeout(&self.0, held);
        wait_ends();
        mutex.entered(if timed_out { "timed out" } else { "woken" });
        Ok((mutex.guard(Some(held)), WaitTimeoutResult(timed_out)))
    }

    /// Gives the lock up for a wait.
    #[track_caller]
    fn gives_up<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        operation: &'static str,
    ) -> (&'a Mutex<T>, raw::MutexGuard<'a, ()>) {
        require_running();
        let mutex = guard.mutex;
        // The guard itself must not unlock: the engine's wait does.
        let mut guard = ManuallyDrop::new(guard);
        let held = guard.held.take().expect("a guard in a running execution holds its lock");
        record(operation, address(self));
        holds(address(mutex), false);
        (mutex, held)
    }

    /// Waits until `condition` is false.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Waits until `condition` is false, or as [`wait_timeout`](Self::wait_timeout) for a time-out: where that comes, the
    /// condition is looked at once more.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        time: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let mut result = WaitTimeoutResult(false);
        while condition(&mut guard) {
            if result.timed_out() {
                return Ok((guard, result));
            }
            (guard, result) = self.wait_timeout(guard, time)?;
        }
        Ok((guard, WaitTimeoutResult(false)))
    }

    /// Wakes one waiter, if there is one.
    #[track_caller]
    pub fn notify_one(&self) {
        if !stopped() {
            record("notify_one", address(self));
            woken(address(self));
            self.0.notify_one();
        }
    }

    /// Wakes every waiter.
    #[track_caller]
    pub fn notify_all(&self) {
        if !stopped() {
            record("notify_all", address(self));
            woken(address(self));
            self.0.notify_all();
        }
    }
}

/// Whether a wait ended by its time-out, `std`'s and `parking_lot`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(pub(super) bool);

impl WaitTimeoutResult {
    /// Whether it did.
    pub fn timed_out(&self) -> bool {
        self.0
    }
}
