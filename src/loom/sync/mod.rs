//! `std::sync` in a model.

mod arc;
pub mod atomic;
mod barrier;
mod condvar;
pub mod mpsc;
mod notify;
mod once;
mod weak;

pub use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

pub use rc11::sync::{
    Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, WaitTimeoutResult,
};

pub use arc::Arc;
pub(crate) use arc::Count;
pub use barrier::{Barrier, BarrierWaitResult};
pub use condvar::Condvar;
pub use notify::Notify;
pub use once::{LazyLock, OnceLock};
pub use weak::Weak;
