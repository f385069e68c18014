//! `parking_lot`'s mutex and condition variable.

use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::time::Duration;

pub use super::super::super::sync::WaitTimeoutResult;
use super::super::monitor::Monitor;
use super::super::{At, address, raw, record, record_drop, stopped};
use super::observe;
use casebook_engine::probe::Wait;

#[derive(Default)]
struct Locked {
    locked: bool,
    released: Option<raw::Moment>,
}

impl Locked {
    /// Takes the lock if it is free; what releases it happens before.
    fn take(&mut self) -> Option<Option<raw::Moment>> {
        (!std::mem::replace(&mut self.locked, true)).then_some(self.released)
    }

    fn release(&mut self, at: raw::Moment) {
        (self.locked, self.released) = (false, Some(at));
    }
}

/// `parking_lot::Mutex`.
pub struct Mutex<T> {
    locked: Monitor<Locked>,
    data: UnsafeCell<T>,
}

/// Holds a [`Mutex`].
pub struct MutexGuard<'a, T>(&'a Mutex<T>, At);

// SAFETY: `locked` gives the data to one thread at a time.
unsafe impl<T: Send> Send for Mutex<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// An unlocked mutex.
    #[track_caller]
    pub fn new(data: T) -> Self {
        Mutex { locked: Monitor::unordered(Locked::default()), data: UnsafeCell::new(data) }
    }

    /// Waits for the lock.
    #[track_caller]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.acquire();
        record("lock", address(self));
        MutexGuard(self, Location::caller())
    }

    /// Takes the lock if it is free.
    #[track_caller]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        record("try_lock", address(self));
        let taken = self.locked.with(Locked::take);
        let at = Location::caller();
        taken.map(|released| {
            observe(released);
            MutexGuard(self, at)
        })
    }

    /// As [`lock`](Self::lock), and may give up at any moment while the lock is held: once in an execution for each thread.
    /// No time passes, so `_time` is not looked at.
    #[track_caller]
    pub fn try_lock_for(&self, _time: Duration) -> Option<MutexGuard<'_, T>> {
        let taken = self.locked.wait_until(Wait::Lock, true, |locked, _| locked.take());
        record(if taken.is_some() { "lock" } else { "gives up" }, address(self));
        observe(taken?);
        Some(MutexGuard(self, Location::caller()))
    }

    #[track_caller]
    fn acquire(&self) {
        observe(self.locked.wait_for(Wait::Lock, Locked::take));
    }

    fn release(&self) {
        let now = raw::Moment::now();
        self.locked.with(|locked| locked.release(now));
    }

    /// The data, at the end.
    pub fn into_inner(self) -> T {
        self.data.into_inner()
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.0.data.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held, and the guard is borrowed mutably.
        unsafe { &mut *self.0.data.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if !stopped() {
            record_drop("unlock", address(self.0), self.1);
            self.0.release();
        }
    }
}

/// `parking_lot::Condvar`.
pub struct Condvar(Monitor<u64>);

impl Condvar {
    /// A condition variable nobody waits on.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "`parking_lot` has it, cases do not need it")]
    pub fn new() -> Self {
        Condvar(Monitor::unordered(0))
    }

    /// Gives the lock up, waits for a notification, and takes the lock again.
    #[track_caller]
    pub fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        record("wait", address(self));
        self.wait_until(guard, false);
        record("woken", address(self));
    }

    /// As [`wait`](Self::wait), and may time out at any moment: once in an execution for each thread. No time passes, so
    /// `_time` is not looked at.
    #[track_caller]
    pub fn wait_for<T>(&self, guard: &mut MutexGuard<'_, T>, _time: Duration) -> WaitTimeoutResult {
        record("wait_for", address(self));
        let timed_out = self.wait_until(guard, true);
        record(if timed_out { "timed out" } else { "woken" }, address(self));
        WaitTimeoutResult(timed_out)
    }

    /// Whether it timed out.
    #[track_caller]
    fn wait_until<T>(&self, guard: &mut MutexGuard<'_, T>, timed: bool) -> bool {
        let before = self.0.with(|notified| *notified);
        guard.0.release();
        let is_new = |notified: &mut u64, _| (*notified != before).then_some(());
        let woken = self.0.wait_until(Wait::Condvar, timed, is_new);
        guard.0.acquire();
        woken.is_none()
    }

    /// Wakes every waiter; a woken one may find that another was faster.
    #[track_caller]
    pub fn notify_all(&self) {
        record("notify_all", address(self));
        self.0.with(|notified| *notified += 1);
    }
}
