//! The names and shapes of `std` over one engine's primitives, with sites, traces and waits.

mod arc;
mod atomic;
pub mod boxed;
pub mod cell;
mod condvar;
mod mutex;
mod rwlock;
pub mod thread;

#[path = "../models/mod.rs"]
mod models;

use super::raw;
pub use models::{crossbeam, future, parking_lot};
pub use raw::ENGINE;

pub mod hint {
    //! The names of `std::hint`.
    pub use super::thread::spin_loop;
}

pub mod sync {
    //! The names of `std::sync`.
    pub use super::arc::{Arc, Weak};
    pub use super::condvar::Condvar;
    pub use super::models::mpsc;
    pub use super::models::{
        Barrier, BarrierWaitResult, Once, OnceLock, Semaphore, SemaphorePermit,
    };
    pub use super::mutex::{Mutex, MutexGuard};
    pub use super::rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
    pub use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

    pub mod atomic {
        //! The names of `std::sync::atomic`.
        pub use super::super::atomic::*;
        pub use std::sync::atomic::Ordering;
    }
}

/// Starts an execution in this engine's primitives.
pub(crate) fn begin() {
    raw::begin();
}

/// Records an operation of the current thread without orderings or values.
#[track_caller]
fn record(operation: &'static str, object: usize) {
    use crate::probe::{self, Value};
    let at = std::panic::Location::caller();
    let none = [Value::None; 2];
    probe::record(raw::thread_index(), at, operation, object, [None; 2], none);
}

/// The address of an object: its identity within an execution.
fn address<T: ?Sized>(object: &T) -> usize {
    std::ptr::from_ref(object).cast::<()>().addr()
}
