//! `Mutex`: one word, 0 or 1; locking is an awaiting exchange, unlocking a release store.

use std::cell::UnsafeCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::word;
use crate::current::perform_if_inside;
use crate::label::{Op, Order, Outcome};
use crate::ops::{self, At, Loc};

/// As in `std`, never poisoned: a panic fails the whole check.
pub struct Mutex<T: ?Sized> {
    word: Loc,
    data: UnsafeCell<T>,
}

// SAFETY: as `std`: the lock hands the data to one thread at a time.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

/// The right to the data of a locked [`Mutex`].
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
    at: At,
    /// Not `Send`, as in `std`.
    _here: std::marker::PhantomData<*const ()>,
}

// SAFETY: a shared guard gives only `&T`.
unsafe impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T> {}

impl<T: ?Sized> UnwindSafe for Mutex<T> {}
impl<T: ?Sized> RefUnwindSafe for Mutex<T> {}

impl<T> Mutex<T> {
    /// An unlocked mutex.
    #[track_caller]
    pub fn new(data: T) -> Self {
        Mutex { word: ops::create(0, Op::New, Location::caller()), data: data.into() }
    }

    /// The data.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self.data.into_inner())
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until the mutex is free, and locks it.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let at = Location::caller();
        self.acquire(at);
        Ok(MutexGuard { mutex: self, at, _here: Default::default() })
    }

    /// Locks the mutex if it is free.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let at = Location::caller();
        let access = word(self.word, self, Op::TryLock, Order::Acquire, at);
        match ops::update(&access, try_lock, 0, 0) {
            (_, Outcome::Keep) => Err(TryLockError::WouldBlock),
            _ => Ok(MutexGuard { mutex: self, at, _here: Default::default() }),
        }
    }

    /// The data, by exclusive access.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        Ok(self.data.get_mut())
    }

    pub(super) fn acquire(&self, at: At) {
        let access = word(self.word, self, Op::Lock, Order::Acquire, at);
        ops::update(&access, lock, 0, 0);
    }

    pub(super) fn release(&self, at: At) {
        let access = word(self.word, self, Op::Unlock, Order::Release, at);
        perform_if_inside(|exec| exec.store(&access, 0));
    }
}

fn lock(old: u64, _: u64, _: u64, variant: u8) -> Option<Outcome> {
    (variant == 0).then_some(if old == 0 { Outcome::Write(1) } else { Outcome::Block })
}

fn try_lock(old: u64, _: u64, _: u64, variant: u8) -> Option<Outcome> {
    (variant == 0).then_some(if old == 0 { Outcome::Write(1) } else { Outcome::Keep })
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The mutex, which stays locked.
    pub(super) fn into_mutex(self) -> &'a Mutex<T> {
        let mutex = self.mutex;
        std::mem::forget(self);
        mutex
    }

    /// The guard of a mutex just locked.
    pub(super) fn of(mutex: &'a Mutex<T>, at: At) -> Self {
        MutexGuard { mutex, at, _here: Default::default() }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.mutex.release(self.at);
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: the mutex is locked by this guard's thread.
        unsafe { &*self.mutex.data.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the mutex is locked by this guard's thread, and the guard is borrowed mutably.
        unsafe { &mut *self.mutex.data.get() }
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Self {
        Mutex::new(T::default())
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mutex")
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
