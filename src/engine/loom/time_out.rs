//! loom's mutex and condition variable, with waits that may time out. loom's own never do.
//!
//! A time-out is a thread of the execution: it takes the waiter's lock, says that time is up, and wakes who waits. When it does
//! is for loom to explore, and that it does is certain, so no such wait is a deadlock. It is one of the few threads that loom has.
//! Who else waits at the condition variable may wake unasked then, as `std` documents (`Reason::TimeOutWakesAll`).

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use std::sync::{LockResult, TryLockError, TryLockResult};

use loom::sync;

use crate::raw;
use casebook_engine::probe;

/// A time-out to come, for the waits of one thread at one condition variable.
struct TimeOut {
    thread: usize,
    condvar: Rc<sync::Condvar>,
    /// Touched by who holds the lock that the thread gives up in its waits.
    is_past: Rc<Cell<bool>>,
}

thread_local! {
    static TIME_OUTS: RefCell<Vec<TimeOut>> = const { RefCell::new(Vec::new()) };
    /// The threads whose one time-out is spent.
    static SPENT: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Forgets the execution before.
pub fn begin() {
    TIME_OUTS.take();
    SPENT.take();
}

/// How many threads of the execution are time-outs.
pub fn threads() -> usize {
    TIME_OUTS.with_borrow(|time_outs| time_outs.len())
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

/// Unlocks, waits to be notified or for a time-out, and locks; whether time is up.
#[track_caller]
pub fn wait_timeout<'a, T: 'static>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
) -> (MutexGuard<'a, T>, bool) {
    let (me, mutex) = (raw::thread_index(), guard.mutex);
    let is_spent = SPENT.with_borrow(|spent| spent.contains(&me));
    let is_past = (!is_spent).then(|| time_out(me, condvar, mutex));
    let was_past = is_past.as_ref().is_some_and(|is_past| is_past.get());
    let guard = if was_past {
        // It came between two waits: this one ends at once.
        drop(guard);
        mutex.lock()
    } else {
        condvar.wait(guard)
    };
    let Ok(guard) = guard else { unreachable!("loom does not poison") };
    let timed_out = is_past.is_some_and(|is_past| is_past.get());
    if timed_out {
        SPENT.with_borrow_mut(|spent| spent.push(me));
    }
    (guard, timed_out)
}

/// The time-out to come of `thread` at a condition variable. The first wait there starts it.
fn time_out<T: 'static>(thread: usize, condvar: &Condvar, mutex: &Mutex<T>) -> Rc<Cell<bool>> {
    let is_it = |it: &&TimeOut| it.thread == thread && Rc::ptr_eq(&it.condvar, &condvar.0);
    let known = TIME_OUTS.with_borrow(|all| all.iter().find(is_it).map(|it| it.is_past.clone()));
    known.unwrap_or_else(|| {
        raw::require_room();
        let is_past: Rc<Cell<bool>> = Rc::default();
        let time_out = TimeOut { thread, condvar: condvar.0.clone(), is_past: is_past.clone() };
        TIME_OUTS.with_borrow_mut(|all| all.push(time_out));
        let (condvar, mutex, past) = (condvar.0.clone(), mutex.0.clone(), is_past.clone());
        loom::thread::spawn(move || {
            // Where the execution stops here, nothing may be unlocked.
            let held = ManuallyDrop::new(mutex.lock());
            past.set(true);
            condvar.notify_all();
            if !probe::stopped() {
                drop(ManuallyDrop::into_inner(held));
            }
        });
        is_past
    })
}
