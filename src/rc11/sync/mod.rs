//! Synchronisation with the names and shapes of `std::sync`.

pub mod atomic;
mod condvar;
mod departures;
mod finalizer;
mod futex;
mod gate;
mod moment;
mod mutex;
mod parker;
mod references;
mod rwlock;
mod slots;
mod time_out;
mod value;

pub use std::sync::Arc;

pub use condvar::Condvar;
pub use departures::Departures;
pub(super) use departures::{Departing, LAST};
pub(super) use finalizer::Finalizers;
pub use futex::FutexQueue;
pub use gate::Gate;
pub use moment::Moment;
pub use mutex::{Mutex, MutexGuard};
pub use parker::Parker;
pub use references::References;
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use time_out::WaitTimeoutResult;
pub(super) use time_out::may_time_out;

use super::label::{Op, Order};
use super::ops::{Access, At, Loc};

/// An access to a word that a lock (or a thread's handle) keeps.
pub(super) fn word<O: ?Sized>(loc: Loc, owner: &O, op: Op, ord: Order, at: At) -> Access {
    let address = (owner as *const O).addr();
    Access { loc, op, ord, fail: Order::Relaxed, branches: true, address, at }
}
