//! What an engine lacks, written once over its primitives.
//!
//! A model behaves as the real type does where a caller can tell (`tests/conformance/` compares
//! them), but it is not the real type's code: a case over a model says nothing about the orderings
//! inside `std` or `crossbeam`.

mod barrier;
mod channel;
pub mod crossbeam;
pub mod future;
pub mod linear;
mod monitor;
pub mod mpsc;
mod once;
pub mod parking_lot;
mod semaphore;
mod shared;

use super::{
    At, address, raw, record, record_drop, require_running, stopped, thread, timed_wait_begins,
    wait_begins, wait_ends,
};

pub use barrier::{Barrier, BarrierWaitResult};
pub use once::{LazyLock, Once, OnceLock};
pub use semaphore::{Semaphore, SemaphorePermit};
