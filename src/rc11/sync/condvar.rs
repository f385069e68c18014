//! `Condvar`: a word with the set of waiters, and for each wait a slot that a notification sets.
//!
//! Waiting enlists, unlocks, awaits the slot, locks. Notifying takes one waiter (any, each tried) or all out of the set, and sets their
//! slots. All these are Relaxed: a condition variable synchronizes nothing, its mutex does. A waiter may also wake unasked,
//! as often in one execution as [`Checker::spurious`](crate::Checker::spurious) says.

use std::fmt;
use std::panic::Location;
use std::sync::LockResult;
use std::time::Duration;

use super::slots::{THREADS, WAITS, await_slot, shift, waits, wake};
use super::{MutexGuard, WaitTimeoutResult, may_time_out, word};
use crate::current::perform;
use crate::label::{Op, Order, Outcome, Step};
use crate::ops::{self, At, Loc};

/// As in `std`; at most 16 threads may use one.
pub struct Condvar {
    waiters: Loc,
}

impl Condvar {
    /// A condition variable without waiters.
    #[track_caller]
    pub fn new() -> Self {
        Condvar { waiters: ops::create(0, Op::New, Location::caller()) }
    }

    /// Unlocks the mutex, waits to be notified (or wakes unasked), and locks it again.
    #[track_caller]
    pub fn wait<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        Ok(self.wait_at(guard, Location::caller()))
    }

    /// As [`wait`](Self::wait), and may time out at any moment: once in an execution the thread's waits with a time-out end by it.
    #[track_caller]
    pub fn wait_timeout<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
        _: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        Ok(self.wait_timeout_at(guard, Location::caller()))
    }

    fn wait_at<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>, at: At) -> MutexGuard<'a, T> {
        self.wait_by(guard, Op::AwaitNotify, 1, at).0
    }

    fn wait_timeout_at<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
        at: At,
    ) -> (MutexGuard<'a, T>, WaitTimeoutResult) {
        self.wait_by(guard, Op::AwaitTimeout, may_time_out(), at)
    }

    /// Waits by an operation; `unasked` is 1 if that may end without a notification. Whether it did.
    fn wait_by<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
        op: Op,
        unasked: u64,
        at: At,
    ) -> (MutexGuard<'a, T>, WaitTimeoutResult) {
        let slot = ops::create(0, Op::New, at);
        let mine = self.enlist(slot, at);
        let mutex = guard.into_mutex();
        mutex.release(at);
        let access = word(slot, self, op, Order::Relaxed, at);
        let (awaited, _) = ops::update(&access, await_slot, self.waiters.id.into(), unasked);
        if awaited == 0 {
            self.update(
                Op::Delist,
                at,
                |set, mine, _, v| (v == 0).then_some(Outcome::Write(set & !mine)),
                mine,
            );
        }
        mutex.acquire(at);
        (MutexGuard::of(mutex, at), WaitTimeoutResult(awaited == 0))
    }

    /// Waits until `condition` is false.
    #[track_caller]
    pub fn wait_while<'a, T: ?Sized, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: F,
    ) -> LockResult<MutexGuard<'a, T>>
    where
        F: FnMut(&mut T) -> bool,
    {
        let at = Location::caller();
        while condition(&mut *guard) {
            guard = self.wait_at(guard, at);
        }
        Ok(guard)
    }

    /// As [`wait_while`](Self::wait_while), until a time-out.
    #[track_caller]
    pub fn wait_timeout_while<'a, T: ?Sized, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        _: Duration,
        mut condition: F,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>
    where
        F: FnMut(&mut T) -> bool,
    {
        let at = Location::caller();
        let mut result = WaitTimeoutResult(false);
        while condition(&mut *guard) {
            if result.timed_out() {
                return Ok((guard, result));
            }
            (guard, result) = self.wait_timeout_at(guard, at);
        }
        Ok((guard, WaitTimeoutResult(false)))
    }

    /// Wakes one waiter, if there is one.
    #[track_caller]
    pub fn notify_one(&self) {
        self.notify(Op::NotifyOne, take_one, Location::caller());
    }

    /// Wakes all waiters.
    #[track_caller]
    pub fn notify_all(&self) {
        self.notify(Op::NotifyAll, take_all, Location::caller());
    }

    /// Adds the running thread's wait to the set of waiters; returns the thread's place in it.
    fn enlist(&self, slot: Loc, at: At) -> u64 {
        let (running, number) = perform(|exec| {
            exec.check_epoch(self.waiters, at)?;
            let running = exec.running;
            if running >= THREADS {
                return Err(exec.unsupported("more than 16 threads at a condition variable", at));
            }
            Ok((running, exec.new_slot((self.waiters.id, running), slot)))
        });
        self.update(
            Op::Enlist,
            at,
            |set, wait, _, v| (v == 0).then_some(Outcome::Write(set | wait)),
            number << shift(running),
        );
        WAITS << shift(running)
    }

    fn notify(&self, op: Op, take: Step, at: At) {
        let access = |loc, op| word(loc, self, op, Order::Relaxed, at);
        wake(&access(self.waiters, op), take, |slot| access(slot, Op::Notify));
    }

    fn update(&self, op: Op, at: At, step: Step, a: u64) {
        ops::update(&word(self.waiters, self, op, Order::Relaxed, at), step, a, 0);
    }
}

/// The alternative `n` takes the `n`-th waiter.
fn take_one(set: u64, _: u64, _: u64, variant: u8) -> Option<Outcome> {
    match waits(set).nth(variant.into()) {
        Some((thread, _)) => Some(Outcome::Write(set & !(WAITS << shift(thread)))),
        None => (variant == 0).then_some(Outcome::Keep),
    }
}

fn take_all(set: u64, _: u64, _: u64, variant: u8) -> Option<Outcome> {
    (variant == 0).then_some(if set == 0 { Outcome::Keep } else { Outcome::Write(0) })
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Condvar { waiters: ops::create(0, Op::New, Location::caller()) }
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Condvar")
    }
}
