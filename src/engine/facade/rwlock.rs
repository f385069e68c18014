//! The engine's reader–writer lock, with the story of who holds it and who waits.

use std::cell::UnsafeCell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::{
    At, address, check_alive, holds, raw, record, record_drop, stopped, wait_begins, wait_ends,
};
use casebook_core::verdict::Reason;
use casebook_engine::probe::{self, Stop, Wait};

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
    taken: At,
}

/// Holds a [`RwLock`] alone until it is dropped.
pub struct RwLockWriteGuard<'a, T> {
    lock: &'a RwLock<T>,
    held: ManuallyDrop<Option<raw::RwLockWriteGuard<'a, ()>>>,
    taken: At,
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
        if stopped() {
            return Ok(self.reader(None));
        }
        self.enter();
        if !raw::READS_TWICE && probe::holds(raw::thread_index(), address(self)) {
            probe::halt(Stop::Inexpressible(Reason::NotModelled));
        }
        let held = self.lock.read();
        Ok(self.reader(Some(self.entered("read lock", held))))
    }

    /// Waits to hold the lock alone.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        if stopped() {
            return Ok(self.writer(None));
        }
        self.enter();
        let held = self.lock.write();
        Ok(self.writer(Some(self.entered("write lock", held))))
    }

    /// Shares the lock if no writer holds it.
    ///
    /// # Errors
    /// `WouldBlock` if one does.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        if stopped() {
            return Ok(self.reader(None));
        }
        check_alive(self);
        let held = self.attempted("try_read", self.lock.try_read());
        Ok(self.reader(Some(held.ok_or(TryLockError::WouldBlock)?)))
    }

    /// Holds the lock alone if nobody holds it.
    ///
    /// # Errors
    /// `WouldBlock` if somebody does.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        if stopped() {
            return Ok(self.writer(None));
        }
        check_alive(self);
        let held = self.attempted("try_write", self.lock.try_write());
        Ok(self.writer(Some(held.ok_or(TryLockError::WouldBlock)?)))
    }

    /// The data, at the end.
    ///
    /// # Errors
    /// Never.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self.data.into_inner())
    }

    #[track_caller]
    fn reader<'a>(&'a self, held: Option<raw::RwLockReadGuard<'a, ()>>) -> RwLockReadGuard<'a, T> {
        RwLockReadGuard { lock: self, held: ManuallyDrop::new(held), taken: Location::caller() }
    }

    #[track_caller]
    fn writer<'a>(
        &'a self,
        held: Option<raw::RwLockWriteGuard<'a, ()>>,
    ) -> RwLockWriteGuard<'a, T> {
        RwLockWriteGuard { lock: self, held: ManuallyDrop::new(held), taken: Location::caller() }
    }

    #[track_caller]
    fn enter(&self) {
        check_alive(self);
        wait_begins(Wait::Lock, address(self));
    }

    #[track_caller]
    fn entered<G>(&self, operation: &'static str, held: LockResult<G>) -> G {
        wait_ends();
        let Ok(held) = held else { unreachable!("no engine poisons") };
        record(operation, address(self));
        holds(address(self), true);
        held
    }

    #[track_caller]
    fn attempted<G>(&self, operation: &'static str, held: TryLockResult<G>) -> Option<G> {
        record(operation, address(self));
        if held.is_ok() {
            holds(address(self), true);
        }
        held.ok()
    }

    fn leave(&self, operation: &'static str, taken: At) {
        record_drop(operation, address(self), taken);
        holds(address(self), false);
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
    fn drop(&mut self) {
        if !stopped() {
            self.lock.leave("read unlock", self.taken);
            // SAFETY: the guard is dropped once, here, and only where it is not inert.
            unsafe { ManuallyDrop::drop(&mut self.held) };
        }
    }
}

impl<T> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        if !stopped() {
            self.lock.leave("write unlock", self.taken);
            // SAFETY: the guard is dropped once, here, and only where it is not inert.
            unsafe { ManuallyDrop::drop(&mut self.held) };
        }
    }
}
