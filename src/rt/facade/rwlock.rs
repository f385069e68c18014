//! The engine's reader–writer lock, with the story of who holds it and who waits.

use std::cell::UnsafeCell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::{address, raw, record};
use crate::probe::{self, Wait};

/// `std::sync::RwLock` of a sized type. It is never poisoned: a panic ends the execution.
pub struct RwLock<T> {
    lock: raw::RwLock<()>,
    data: UnsafeCell<T>,
}

// SAFETY: the engine's lock gives the data to readers, or to one writer, as `std`'s does.
unsafe impl<T: Send> Send for RwLock<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for RwLock<T> {}

/// Shares a [`RwLock`] until it is dropped.
pub struct RwLockReadGuard<'a, T> {
    lock: &'a RwLock<T>,
    held: ManuallyDrop<Option<raw::RwLockReadGuard<'a, ()>>>,
}

/// Holds a [`RwLock`] alone until it is dropped.
pub struct RwLockWriteGuard<'a, T> {
    lock: &'a RwLock<T>,
    held: ManuallyDrop<Option<raw::RwLockWriteGuard<'a, ()>>>,
}

impl<T> RwLock<T> {
    /// An unlocked lock.
    #[track_caller]
    pub fn new(data: T) -> Self {
        RwLock { lock: raw::RwLock::new(()), data: UnsafeCell::new(data) }
    }

    /// Waits to share the lock.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let held = self.acquire("read lock", |lock| lock.read().ok());
        Ok(RwLockReadGuard { lock: self, held: ManuallyDrop::new(held) })
    }

    /// Waits to hold the lock alone.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let held = self.acquire("write lock", |lock| lock.write().ok());
        Ok(RwLockWriteGuard { lock: self, held: ManuallyDrop::new(held) })
    }

    /// Shares the lock if no writer holds it.
    ///
    /// # Errors
    /// `WouldBlock` if one does.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let held = self.attempt("try_read", |lock| lock.try_read().ok())?;
        Ok(RwLockReadGuard { lock: self, held: ManuallyDrop::new(held) })
    }

    /// Holds the lock alone if nobody holds it.
    ///
    /// # Errors
    /// `WouldBlock` if somebody does.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let held = self.attempt("try_write", |lock| lock.try_write().ok())?;
        Ok(RwLockWriteGuard { lock: self, held: ManuallyDrop::new(held) })
    }

    /// The data, at the end.
    ///
    /// # Errors
    /// Never.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self.data.into_inner())
    }

    #[track_caller]
    fn acquire<'a, G>(
        &'a self,
        operation: &'static str,
        take: impl FnOnce(&'a raw::RwLock<()>) -> Option<G>,
    ) -> Option<G> {
        if probe::stopped() {
            return None;
        }
        let me = raw::thread_index();
        probe::check_access(address(self), Location::caller());
        probe::wait(me, Wait::Lock, address(self), Location::caller());
        let Some(held) = take(&self.lock) else { unreachable!("no engine poisons") };
        probe::unwait(me);
        record(operation, address(self));
        probe::acquired(me, address(self));
        Some(held)
    }

    #[track_caller]
    fn attempt<'a, G, T2>(
        &'a self,
        operation: &'static str,
        take: impl FnOnce(&'a raw::RwLock<()>) -> Option<G>,
    ) -> Result<Option<G>, TryLockError<T2>> {
        if probe::stopped() {
            return Ok(None);
        }
        probe::check_access(address(self), Location::caller());
        let held = take(&self.lock);
        record(operation, address(self));
        if held.is_some() {
            probe::acquired(raw::thread_index(), address(self));
        }
        held.map(Some).ok_or(TryLockError::WouldBlock)
    }

    #[track_caller]
    fn leave(&self, operation: &'static str) {
        record(operation, address(self));
        probe::released(raw::thread_index(), address(self));
    }
}

impl<T> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is shared; in a stopped execution no other thread runs any more.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held; in a stopped execution no other thread runs any more.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as for `deref`, and the guard is borrowed mutably.
        unsafe { &mut *self.lock.data.get() }
    }
}

impl<T> Drop for RwLockReadGuard<'_, T> {
    #[track_caller]
    fn drop(&mut self) {
        if !probe::stopped() {
            self.lock.leave("read unlock");
            // SAFETY: the guard is dropped once, here, and only where it is not inert.
            unsafe { ManuallyDrop::drop(&mut self.held) };
        }
    }
}

impl<T> Drop for RwLockWriteGuard<'_, T> {
    #[track_caller]
    fn drop(&mut self) {
        if !probe::stopped() {
            self.lock.leave("write unlock");
            // SAFETY: the guard is dropped once, here, and only where it is not inert.
            unsafe { ManuallyDrop::drop(&mut self.held) };
        }
    }
}
