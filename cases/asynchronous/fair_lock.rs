//! A lock for tasks that is handed to waiters in order: what several cases wait for, and no case of
//! its own.
//!
//! Unlocking gives the lock to the first waiter, which owns it from then on, polled or not. The
//! tasks take the lock and give it back by hand, so that a case can show each step.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;

use super::rt::sync::Mutex;

/// The lock.
pub struct FairLock(Mutex<State>);

struct State {
    locked: bool,
    next: u32,
    waiters: VecDeque<(u32, Waker)>,
}

/// A place in the queue of a [`FairLock`].
pub struct Acquire<'a> {
    lock: &'a FairLock,
    ticket: Option<u32>,
    /// Whether being dropped gives up the place, or passes on a lock that was handed over.
    tidy: bool,
}

impl FairLock {
    /// An unlocked one.
    pub fn new() -> Self {
        FairLock(Mutex::new(State { locked: false, next: 0, waiters: VecDeque::new() }))
    }

    /// Waits for the lock.
    pub fn acquire(&self) -> Acquire<'_> {
        Acquire { lock: self, ticket: None, tidy: true }
    }

    /// Waits for the lock; if dropped meanwhile, forgets what was handed to it.
    pub fn acquire_untidily(&self) -> Acquire<'_> {
        Acquire { lock: self, ticket: None, tidy: false }
    }

    /// Gives the lock to the first waiter and wakes it, or unlocks.
    pub fn release(&self) {
        if let Some(waker) = self.pass(true) {
            waker.wake();
        }
    }

    /// Takes the first waiter out of the queue, to be woken by the caller. It owns the lock from
    /// then on, if the lock is `kept` locked for it; else it only believes so.
    pub fn pass(&self, kept: bool) -> Option<Waker> {
        let mut state = self.0.lock().unwrap();
        let first = state.waiters.pop_front();
        state.locked = kept && first.is_some();
        first.map(|(_, waker)| waker)
    }
}

impl Future for Acquire<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.lock.0.lock().unwrap();
        let waker = context.waker().clone();
        if let Some(ticket) = self.ticket {
            if let Some(waiter) = state.waiters.iter_mut().find(|waiter| waiter.0 == ticket) {
                waiter.1 = waker;
                return Poll::Pending;
            }
        } else if state.locked {
            let ticket = state.next;
            state.next += 1;
            state.waiters.push_back((ticket, waker));
            self.ticket = Some(ticket);
            return Poll::Pending;
        }
        // Free, or no longer in the queue: handed over.
        state.locked = true;
        self.ticket = None;
        Poll::Ready(())
    }
}

impl Drop for Acquire<'_> {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.filter(|_| self.tidy) else { return };
        let mut state = self.lock.0.lock().unwrap();
        let waiting = state.waiters.len();
        state.waiters.retain(|waiter| waiter.0 != ticket);
        let handed_over = state.waiters.len() == waiting;
        drop(state);
        if handed_over {
            self.lock.release();
        }
    }
}
