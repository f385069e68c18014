//! The engine's mutex, with the story of who holds it and who waits.

use std::cell::UnsafeCell;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::{
    At, address, check_alive, holds, raw, record, record_drop, stopped, wait_begins, wait_ends,
};
use casebook_engine::probe::Wait;

/// `std::sync::Mutex` of a sized type. It is never poisoned: a panic ends the execution.
pub struct Mutex<T> {
    lock: raw::Mutex<()>,
    data: UnsafeCell<T>,
}

// SAFETY: the engine's lock gives the data to one thread at a time, as `std`'s does.
unsafe impl<T: Send> Send for Mutex<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Mutex<T> {}

/// Holds a [`Mutex`] until it is dropped.
pub struct MutexGuard<'a, T> {
    pub(super) mutex: &'a Mutex<T>,
    /// Absent only in an execution that has stopped.
    pub(super) held: ManuallyDrop<Option<raw::MutexGuard<'a, ()>>>,
    taken: At,
}

impl<T> Mutex<T> {
    /// An unlocked mutex.
    #[track_caller]
    pub fn new(data: T) -> Self {
        Mutex { lock: raw::Mutex::new(()), data: UnsafeCell::new(data) }
    }

    /// Waits for the lock.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        if stopped() {
            return Ok(self.guard(None));
        }
        check_alive(self);
        wait_begins(Wait::Lock, address(self));
        let held = self.lock.lock();
        wait_ends();
        let Ok(held) = held else { unreachable!("no engine poisons") };
        self.entered("lock");
        Ok(self.guard(Some(held)))
    }

    /// Takes the lock if it is free.
    ///
    /// # Errors
    /// `WouldBlock` if it is held.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        if stopped() {
            return Ok(self.guard(None));
        }
        check_alive(self);
        match self.lock.try_lock() {
            Ok(held) => {
                self.entered("try_lock");
                Ok(self.guard(Some(held)))
            }
            Err(_) => {
                record("try_lock fails", address(self));
                Err(TryLockError::WouldBlock)
            }
        }
    }

    /// The data, without locking: nobody else can have it.
    ///
    /// # Errors
    /// Never.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        Ok(self.data.get_mut())
    }

    /// The data, at the end.
    ///
    /// # Errors
    /// Never.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self.data.into_inner())
    }

    #[track_caller]
    pub(super) fn entered(&self, operation: &'static str) {
        record(operation, address(self));
        holds(address(self), true);
    }

    #[track_caller]
    pub(super) fn guard<'a>(&'a self, held: Option<raw::MutexGuard<'a, ()>>) -> MutexGuard<'a, T> {
        MutexGuard { mutex: self, held: ManuallyDrop::new(held), taken: Location::caller() }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held; in a stopped execution no other thread runs any more.
        unsafe { &*self.mutex.data.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as for `deref`, and the guard is borrowed mutably.
        unsafe { &mut *self.mutex.data.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if stopped() {
            return;
        }
        record_drop("unlock", address(self.mutex), self.taken);
        holds(address(self.mutex), false);
        // SAFETY: the guard is dropped once, here, and only where it is not inert.
        unsafe { ManuallyDrop::drop(&mut self.held) };
    }
}
