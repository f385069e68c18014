//! `parking_lot`'s locks: no poisoning, upgradable reads, and writers that are not starved.
//!
//! Whoever takes a lock comes after those it excludes: all earlier holders of a mutex, all earlier writers, and for a writer the
//! readers too. A failed attempt and a reader's unlock order nothing for another reader.

mod mutex;

use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::panic::Location;

use super::monitor::Monitor;
use super::{At, address, raw, record, record_drop, stopped};
use casebook_engine::probe::Wait;

pub use mutex::{Condvar, Mutex, MutexGuard, WaitTimeoutResult};

fn observe(moments: impl IntoIterator<Item = raw::Moment>) {
    moments.into_iter().for_each(raw::Moment::observe);
}

#[derive(Default)]
struct Holders {
    readers: usize,
    upgradable: bool,
    writer: bool,
    waiting_writers: usize,
    /// The last writer's unlock, and those of the readers.
    written: Option<raw::Moment>,
    read: Vec<raw::Moment>,
}

/// `parking_lot::RwLock`: a waiting writer holds back new readers.
pub struct RwLock<T> {
    holders: Monitor<Holders>,
    data: UnsafeCell<T>,
}

/// Shares a [`RwLock`].
pub struct RwLockReadGuard<'a, T>(&'a RwLock<T>, At);
/// Shares a [`RwLock`] with readers, and may become its writer.
pub struct RwLockUpgradableReadGuard<'a, T>(&'a RwLock<T>, At);
/// Holds a [`RwLock`] alone.
pub struct RwLockWriteGuard<'a, T>(&'a RwLock<T>, At);

// SAFETY: `holders` gives the data to readers or to one writer.
unsafe impl<T: Send> Send for RwLock<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for RwLock<T> {}

impl<T> RwLock<T> {
    /// An unlocked lock.
    #[track_caller]
    pub fn new(data: T) -> Self {
        RwLock { holders: Monitor::unordered(Holders::default()), data: UnsafeCell::new(data) }
    }

    /// Waits to share the lock; not recursive: a writer that waits in between would deadlock.
    #[track_caller]
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        let written = self.holders.wait_for(Wait::Lock, |holders| {
            let free = !holders.writer && holders.waiting_writers == 0;
            free.then(|| {
                holders.readers += 1;
                holders.written
            })
        });
        observe(written);
        self.note("read lock");
        RwLockReadGuard(self, Location::caller())
    }

    /// Waits to share the lock with readers and no other upgradable reader.
    #[track_caller]
    pub fn upgradable_read(&self) -> RwLockUpgradableReadGuard<'_, T> {
        let written = self.holders.wait_for(Wait::Lock, |holders| {
            let free = !holders.writer && !holders.upgradable && holders.waiting_writers == 0;
            free.then(|| {
                holders.upgradable = true;
                holders.written
            })
        });
        observe(written);
        self.note("upgradable lock");
        RwLockUpgradableReadGuard(self, Location::caller())
    }

    /// Waits to hold the lock alone.
    #[track_caller]
    pub fn write(&self) -> RwLockWriteGuard<'_, T> {
        let mut waiting = false;
        let before = self.holders.wait_for(Wait::Lock, |holders| {
            let free = !holders.writer && !holders.upgradable && holders.readers == 0;
            holders.await_alone(&mut waiting, free)
        });
        observe(before);
        self.note("write lock");
        RwLockWriteGuard(self, Location::caller())
    }

    /// Shares the lock if no writer holds it or waits for it.
    #[track_caller]
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T>> {
        self.note("try_read");
        let at = Location::caller();
        let taken = self.holders.with(|holders| {
            let free = !holders.writer && holders.waiting_writers == 0;
            free.then(|| {
                holders.readers += 1;
                holders.written
            })
        });
        taken.map(|written| {
            observe(written);
            RwLockReadGuard(self, at)
        })
    }

    /// Holds the lock alone if nobody holds it.
    #[track_caller]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T>> {
        self.note("try_write");
        let at = Location::caller();
        let taken = self.holders.with(|holders| {
            let free = !holders.writer && !holders.upgradable && holders.readers == 0;
            free.then(|| {
                holders.writer = true;
                holders.all()
            })
        });
        taken.map(|before| {
            observe(before);
            RwLockWriteGuard(self, at)
        })
    }

    /// The data, at the end.
    pub fn into_inner(self) -> T {
        self.data.into_inner()
    }

    #[track_caller]
    fn note(&self, operation: &'static str) {
        record(operation, address(self));
    }

    #[track_caller]
    fn leave(&self, change: impl FnOnce(&mut Holders, raw::Moment)) {
        if !stopped() {
            let now = raw::Moment::now();
            self.holders.with(|holders| change(holders, now));
        }
    }
}

impl Holders {
    /// What happens before a writer's lock.
    fn all(&self) -> Vec<raw::Moment> {
        self.written.into_iter().chain(self.read.iter().copied()).collect()
    }

    /// Becomes the writer if `free`; until then counts as a waiting writer.
    fn await_alone(&mut self, waiting: &mut bool, free: bool) -> Option<Vec<raw::Moment>> {
        match (*waiting, free) {
            (false, false) => self.waiting_writers += 1,
            (true, true) => self.waiting_writers -= 1,
            _ => {}
        }
        *waiting = !free;
        free.then(|| {
            self.writer = true;
            self.all()
        })
    }
}

impl<'a, T> RwLockUpgradableReadGuard<'a, T> {
    /// Waits until every other reader has gone, and becomes the writer, with no gap between.
    #[track_caller]
    pub fn upgrade(this: Self) -> RwLockWriteGuard<'a, T> {
        let lock = this.0;
        std::mem::forget(this);
        let mut waiting = false;
        let before = lock.holders.wait_for(Wait::Lock, |holders| {
            let free = holders.readers == 0;
            let alone = holders.await_alone(&mut waiting, free);
            if alone.is_some() {
                holders.upgradable = false;
            }
            alone
        });
        observe(before);
        lock.note("upgrade");
        RwLockWriteGuard(lock, Location::caller())
    }
}

impl<'a, T> RwLockWriteGuard<'a, T> {
    /// Becomes a reader, with no gap between.
    #[track_caller]
    pub fn downgrade(this: Self) -> RwLockReadGuard<'a, T> {
        let lock = this.0;
        std::mem::forget(this);
        if !stopped() {
            lock.note("downgrade");
        }
        lock.leave(|holders, now| {
            (holders.writer, holders.written) = (false, Some(now));
            holders.read.clear();
            holders.readers += 1;
        });
        RwLockReadGuard(lock, Location::caller())
    }
}

macro_rules! guards {
    ($($guard:ident $operation:literal $release:expr;)+) => {$(
        impl<T> Deref for $guard<'_, T> {
            type Target = T;

            fn deref(&self) -> &T {
                // SAFETY: the lock is held, at least shared.
                unsafe { &*self.0.data.get() }
            }
        }

        impl<T> Drop for $guard<'_, T> {
            fn drop(&mut self) {
                if !stopped() {
                    record_drop($operation, address(self.0), self.1);
                    self.0.leave($release);
                }
            }
        }
    )+};
}

guards! {
    RwLockReadGuard "read unlock" |holders, now| {
        holders.readers -= 1;
        holders.read.push(now);
    };
    RwLockUpgradableReadGuard "upgradable unlock" |holders, now| {
        holders.upgradable = false;
        holders.read.push(now);
    };
    RwLockWriteGuard "write unlock" |holders, now| {
        (holders.writer, holders.written) = (false, Some(now));
        holders.read.clear();
    };
}

impl<T> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held alone, and the guard is borrowed mutably.
        unsafe { &mut *self.0.data.get() }
    }
}
