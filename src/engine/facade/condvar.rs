//! The engine's condition variable, with the story of its waiters and their wake-ups.

use std::mem::ManuallyDrop;
use std::sync::LockResult;

use super::mutex::MutexGuard;
use super::{address, holds, raw, record, require_running, stopped, wait_begins, wait_ends, woken};
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
        require_running();
        let mutex = guard.mutex;
        // The guard itself must not unlock: the engine's wait does.
        let mut guard = ManuallyDrop::new(guard);
        let held = guard.held.take().expect("a guard in a running execution holds its lock");
        record("wait", address(self));
        holds(address(mutex), false);
        wait_begins(Wait::Condvar, address(self));
        let held = self.0.wait(held);
        wait_ends();
        let Ok(held) = held else { unreachable!("no engine poisons") };
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
