//! loom's mutex and condition variable, with waits that may time out. loom's own never do.
//!
//! A time-out is a thread of the execution: it takes the waiter's lock, says that time is up, and wakes who waits. When it does
//! is for loom to explore, and that it does is certain, so no such wait is a deadlock. It is one of the few threads that loom has.
//! Who else waits at the condition variable may wake unasked then, as `std` documents.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use std::sync::{LockResult, TryLockError, TryLockResult};

use loom::sync;

use crate::raw;
use casebook_engine::probe;

thread_local! {
    /// How many threads of the execution are time-outs.
    static THREADS: Cell<usize> = const { Cell::new(0) };
    /// The threads whose one time-out is spent.
    static SPENT: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Forgets the execution before.
pub fn begin() {
    THREADS.set(0);
    SPENT.take();
}

/// How many threads of the execution are time-outs.
pub fn threads() -> usize {
    THREADS.get()
}

/// loom's mutex, for a time-out to share.
pub struct Mutex<T>(Rc<sync::Mutex<T>>);

/// Holds a [`Mutex`].
pub struct MutexGuard<'a, T> {
    guard: sync::MutexGuard<'a, T>,
    mutex: &'a Mutex<T>,
}

impl<T> Mutex<T> {
    #[track_caller]
    pub fn new(data: T) -> Self {
        Mutex(Rc::new(sync::Mutex::new(data)))
    }

    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let Ok(guard) = self.0.lock() else { unreachable!("loom does not poison") };
        Ok(MutexGuard { guard, mutex: self })
    }

    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Ok(MutexGuard { guard, mutex: self }),
            Err(_) => Err(TryLockError::WouldBlock),
        }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

/// loom's condition variable, for a time-out to share.
pub struct Condvar(Rc<sync::Condvar>);

// SAFETY: the threads of an execution are coroutines that never leave the operating-system thread of their check, so the count is
// never reached from two of them.
unsafe impl Send for Condvar {}
// SAFETY: as above.
unsafe impl Sync for Condvar {}

impl Condvar {
    pub fn new() -> Self {
        Condvar(Rc::new(sync::Condvar::new()))
    }

    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let MutexGuard { guard, mutex } = guard;
        let Ok(guard) = self.0.wait(guard) else { unreachable!("loom does not poison") };
        Ok(MutexGuard { guard, mutex })
    }

    #[track_caller]
    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    #[track_caller]
    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// The time-out of one call.
pub struct Deadline {
    is_set: Cell<bool>,
    /// Touched by who holds the lock that the call waits for.
    is_past: Rc<Cell<bool>>,
}

impl Deadline {
    /// For a call that begins.
    pub fn new() -> Self {
        Deadline { is_set: Cell::new(false), is_past: Rc::default() }
    }

    /// Starts the thread that it is, at the call's first wait, unless the caller has timed out before.
    fn set<T: 'static>(&self, condvar: &Condvar, mutex: &Mutex<T>) {
        let me = raw::thread_index();
        if self.is_set.replace(true) || SPENT.with_borrow(|spent| spent.contains(&me)) {
            return;
        }
        raw::require_room();
        THREADS.set(THREADS.get() + 1);
        let (condvar, mutex, is_past) = (condvar.0.clone(), mutex.0.clone(), self.is_past.clone());
        loom::thread::spawn(move || {
            // Where the execution stops here, nothing may be unlocked.
            let held = ManuallyDrop::new(mutex.lock());
            is_past.set(true);
            condvar.notify_all();
            if !probe::stopped() {
                drop(ManuallyDrop::into_inner(held));
            }
        });
    }
}

/// Unlocks, waits to be notified or for the time-out, and locks; whether time is up.
#[track_caller]
pub fn wait_timeout<'a, T: 'static>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    deadline: &Deadline,
) -> (MutexGuard<'a, T>, bool) {
    deadline.set(condvar, guard.mutex);
    let Ok(guard) = condvar.wait(guard) else { unreachable!("loom does not poison") };
    let is_past = deadline.is_past.get();
    if is_past {
        SPENT.with_borrow_mut(|spent| spent.push(raw::thread_index()));
    }
    (guard, is_past)
}
