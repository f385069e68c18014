//! The engine's condition variable, with the story of its waiters and their wake-ups.

use std::mem::ManuallyDrop;
use std::panic::Location;
use std::sync::LockResult;

use super::mutex::MutexGuard;
use super::{address, raw, record};
use crate::probe::{self, Wait};

/// `std::sync::Condvar`.
pub struct Condvar(raw::Condvar);

impl Condvar {
    /// A condition variable nobody waits on.
    #[expect(clippy::new_without_default, reason = "`std` has it, cases do not need it")]
    pub fn new() -> Self {
        Condvar(raw::Condvar::new())
    }

    /// Gives the lock up, waits for a notification, and takes the lock again.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        probe::require_running();
        let me = raw::thread_index();
        let mutex = guard.mutex;
        // The guard itself must not unlock: the engine's wait does.
        let mut guard = ManuallyDrop::new(guard);
        let held = guard.held.take().expect("a guard in a running execution holds its lock");
        record("wait", address(self));
        probe::released(me, address(mutex));
        probe::wait(me, Wait::Condvar, address(self), Location::caller());
        let Ok(held) = self.0.wait(held) else { unreachable!("no engine poisons") };
        probe::unwait(me);
        mutex.entered("woken");
        Ok(mutex.guard(Some(held)))
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

    /// Wakes one waiter, if there is one.
    #[track_caller]
    pub fn notify_one(&self) {
        if !probe::stopped() {
            record("notify_one", address(self));
            probe::woken(address(self));
            self.0.notify_one();
        }
    }

    /// Wakes every waiter.
    #[track_caller]
    pub fn notify_all(&self) {
        if !probe::stopped() {
            record("notify_all", address(self));
            probe::woken(address(self));
            self.0.notify_all();
        }
    }
}
