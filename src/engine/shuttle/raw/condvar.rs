//! A condition variable over shuttle's mutex, with waits that may time out.
//!
//! A notification of one is for all who wait then, and the first that runs takes it from the others: so each is tried.

use std::cell::RefCell;
use std::sync::{LockResult, PoisonError};

use super::{MutexGuard, acquire, changed, hb, release, waits};

/// What it orders, its mutex orders.
pub struct Condvar {
    /// Nobody waits at it: to notify it lets the schedule go on with another thread.
    point: shuttle::sync::Condvar,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    waiters: Vec<Waiter>,
    notifications: u64,
}

struct Waiter {
    thread: usize,
    /// The notifications of one that it may take.
    offered: Vec<u64>,
    /// Whether it has been woken together with all others.
    woken: bool,
}

// SAFETY: the threads of an execution are coroutines that never leave the operating-system thread of their check, so the state is
// never reached from two of them.
unsafe impl Sync for Condvar {}

impl Condvar {
    pub fn new() -> Self {
        Condvar { point: shuttle::sync::Condvar::new(), state: RefCell::default() }
    }

    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        Ok(self.wait_by(guard, false).0)
    }

    /// Unlocks, waits to be notified, or for a time-out if it is `timed`, and locks; whether it timed out.
    fn wait_by<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timed: bool,
    ) -> (MutexGuard<'a, T>, bool) {
        let (me, lock, released) = (hb::me(), guard.lock, guard.released);
        release(released);
        // The schedule may switch before this unlocks, and not after.
        drop(guard.guard.take());
        let waiter = Waiter { thread: me, offered: Vec::new(), woken: false };
        self.state.borrow_mut().waiters.push(waiter);
        let timed_out = waits::wait(me, timed);
        if !timed_out {
            self.leave(me);
        }
        let inner = lock.lock().unwrap_or_else(PoisonError::into_inner);
        if timed_out {
            // Until now a notification could go to it.
            self.leave(me);
        }
        acquire(released);
        (MutexGuard { guard: Some(inner), lock, released }, timed_out)
    }

    /// Takes a waiter out, with one notification of those that it may take.
    fn leave(&self, me: usize) {
        let waiters = &mut self.state.borrow_mut().waiters;
        let mine = waiters.iter().position(|waiter| waiter.thread == me);
        let Waiter { offered, woken, .. } = waiters.swap_remove(mine.expect("it waits"));
        let Some(taken) = offered.first().filter(|_| !woken) else { return };
        for waiter in waiters {
            waiter.offered.retain(|number| number != taken);
            waits::set_woken(waiter.thread, waiter.woken || !waiter.offered.is_empty());
        }
    }

    pub fn notify_one(&self) {
        changed();
        self.point.notify_one();
        let State { waiters, notifications } = &mut *self.state.borrow_mut();
        *notifications += 1;
        for waiter in waiters {
            waiter.offered.push(*notifications);
            waits::set_woken(waiter.thread, true);
        }
    }

    pub fn notify_all(&self) {
        changed();
        self.point.notify_all();
        for waiter in &mut self.state.borrow_mut().waiters {
            waiter.woken = true;
            waits::set_woken(waiter.thread, true);
        }
    }
}

/// Unlocks, waits to be notified or for a time-out, and locks; whether it was the time-out.
pub fn wait_timeout<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
) -> (MutexGuard<'a, T>, bool) {
    condvar.wait_by(guard, true)
}
