//! `RwLock`: one word that counts the readers and the waiting writers, and marks the writer.
//!
//! `std` does not say whether a writer that waits holds back readers that come later, and its implementations differ. So a
//! program may rely on neither: where a writer waits, a reader is tried both ways, and a thread that reads twice beside a writer is
//! found to deadlock. A writer comes after the readers before it; that a reader unlocks orders nothing before another reader's lock.

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::word;
use crate::current::perform_if_inside;
use crate::label::{Op, Order, Outcome, Step};
use crate::ops::{self, At, Loc};

/// In the word: a writer holds the lock.
const WRITER: u64 = 1 << 32;
/// One writer that waits.
const WAITING: u64 = 1 << 33;

/// Whether a reader may share the lock.
fn is_shared(word: u64) -> bool {
    word & WRITER == 0
}

/// Whether a writer may take the lock.
fn is_free(word: u64) -> bool {
    word & (WAITING - 1) == 0
}

/// What becomes of a read lock: shared, unless a writer holds it; with a writer waiting, perhaps refused all the same.
fn share(old: u64, variant: u8, refused: Outcome) -> Option<Outcome> {
    match variant {
        0 if is_shared(old) => Some(Outcome::Write(old + 1)),
        0 => Some(refused),
        1 if is_shared(old) && old >= WAITING => Some(refused),
        _ => None,
    }
}

/// As in `std`, never poisoned: a panic fails the whole check.
pub struct RwLock<T: ?Sized> {
    word: Loc,
    data: UnsafeCell<T>,
}

// SAFETY: as `std`: the lock hands the data to one writer or some readers.
unsafe impl<T: ?Sized + Send> Send for RwLock<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLock<T> {}

/// Shared access to the data of an [`RwLock`].
pub struct RwLockReadGuard<'a, T: ?Sized> {
    lock: &'a RwLock<T>,
    at: At,
    _here: PhantomData<*const ()>,
}

/// Exclusive access to the data of an [`RwLock`].
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    lock: &'a RwLock<T>,
    at: At,
    _here: PhantomData<*const ()>,
}

// SAFETY: a shared guard gives only `&T`.
unsafe impl<T: ?Sized + Sync> Sync for RwLockReadGuard<'_, T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Sync> Sync for RwLockWriteGuard<'_, T> {}

impl<T: ?Sized> UnwindSafe for RwLock<T> {}
impl<T: ?Sized> RefUnwindSafe for RwLock<T> {}

impl<T> RwLock<T> {
    /// An unlocked lock.
    #[track_caller]
    pub fn new(data: T) -> Self {
        RwLock { word: ops::create(0, Op::New, Location::caller()), data: data.into() }
    }

    /// The data.
    pub fn into_inner(self) -> LockResult<T> {
        Ok(self.data.into_inner())
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until no writer holds the lock, and shares it.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let at = Location::caller();
        // Acquire: pairs with the writers' unlocks.
        self.update(Op::ReadLock, Order::Acquire, at, |old, _, _, v| share(old, v, Outcome::Block));
        Ok(RwLockReadGuard { lock: self, at, _here: PhantomData })
    }

    /// Shares the lock if no writer holds it.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let at = Location::caller();
        let step: Step = |old, _, _, v| share(old, v, Outcome::Keep);
        // Acquire: pairs with the writers' unlocks.
        match self.update(Op::TryReadLock, Order::Acquire, at, step) {
            Outcome::Keep => Err(TryLockError::WouldBlock),
            _ => Ok(RwLockReadGuard { lock: self, at, _here: PhantomData }),
        }
    }

    /// Waits until nobody holds the lock, and takes it.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let at = Location::caller();
        // It takes the lock at once if it is free. Else it is a waiting writer, first, and takes it once it is free.
        let come: Step = |old, _, _, v| {
            let new = if is_free(old) { old | WRITER } else { old + WAITING };
            (v == 0).then_some(Outcome::Write(new))
        };
        let access = word(self.word, self, Op::WriteLock, Order::Acquire, at);
        let (found, _) = ops::update(&access, come, 0, 0);
        if !is_free(found) {
            // Acquire: pairs with everybody's unlocks.
            self.update(Op::WriteLock, Order::Acquire, at, |old, _, _, v| {
                outcome(v, is_free(old), old.wrapping_sub(WAITING) | WRITER, Outcome::Block)
            });
        }
        Ok(RwLockWriteGuard { lock: self, at, _here: PhantomData })
    }

    /// Takes the lock if nobody holds it.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let at = Location::caller();
        let step: Step = |old, _, _, v| outcome(v, is_free(old), old | WRITER, Outcome::Keep);
        // Acquire: pairs with everybody's unlocks.
        match self.update(Op::TryWriteLock, Order::Acquire, at, step) {
            Outcome::Keep => Err(TryLockError::WouldBlock),
            _ => Ok(RwLockWriteGuard { lock: self, at, _here: PhantomData }),
        }
    }

    /// The data, by exclusive access.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        Ok(self.data.get_mut())
    }

    fn update(&self, op: Op, ord: Order, at: At, step: Step) -> Outcome {
        ops::update(&word(self.word, self, op, ord, at), step, 0, 0).1
    }
}

fn outcome(variant: u8, free: bool, new: u64, held: Outcome) -> Option<Outcome> {
    (variant == 0).then_some(if free { Outcome::Write(new) } else { held })
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        let access = word(self.lock.word, self.lock, Op::ReadUnlock, Order::Release, self.at);
        let step: Step = |old, _, _, v| outcome(v, true, old.wrapping_sub(1), Outcome::Keep);
        perform_if_inside(|exec| exec.update(&access, step, 0, 0));
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        let access = word(self.lock.word, self.lock, Op::WriteUnlock, Order::Release, self.at);
        let step: Step = |old, _, _, v| outcome(v, true, old & !WRITER, Outcome::Keep);
        perform_if_inside(|exec| exec.update(&access, step, 0, 0));
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: this guard keeps writers out.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: this guard keeps everyone else out.
        unsafe { &*self.lock.data.get() }
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this guard keeps everyone else out, and is borrowed mutably.
        unsafe { &mut *self.lock.data.get() }
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> Self {
        RwLock { word: ops::create(0, Op::New, Location::caller()), data: T::default().into() }
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RwLock")
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
