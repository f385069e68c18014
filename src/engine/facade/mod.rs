//! The names and shapes of `std` over one engine's primitives, with sites, traces and waits.

mod arc;
mod atomic;
pub mod cell;
mod condvar;
pub mod futex;
mod mutex;
mod rwlock;
mod statics;
pub mod thread;

#[path = "../models/mod.rs"]
mod models;

use std::panic::Location;
use std::sync::atomic::Ordering;

use super::raw;
use casebook_engine::probe::{self, Spot, Value, Wait};

pub use models::{crossbeam, future, linear, parking_lot};
pub use raw::{ENGINE, boxed};
pub use statics::{AccessError, LocalKey, Static};

pub use crate::local_keys as thread_local;

pub mod hint {
    //! The names of `std::hint`.
    pub use super::thread::spin_loop;
}

pub mod sync {
    //! The names of `std::sync`.
    pub use super::arc::{Arc, Weak};
    pub use super::condvar::{Condvar, WaitTimeoutResult};
    pub use super::models::mpsc;
    pub use super::models::{
        Barrier, BarrierWaitResult, LazyLock, Once, OnceLock, Semaphore, SemaphorePermit,
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

/// What unwinds a thread of an execution that has stopped.
struct Leaves;

/// Whether the execution has stopped, so that operations must be inert. Says so to destructors that run while a thread unwinds; a thread
/// that does not unwind yet leaves here.
pub(crate) fn stopped() -> bool {
    if raw::stopped() && !std::thread::panicking() {
        std::panic::resume_unwind(Box::new(Leaves));
    }
    raw::stopped()
}

/// Leaves the current thread if the execution has stopped: what comes next needs live memory.
pub(crate) fn require_running() {
    if stopped() {
        std::panic::resume_unwind(Box::new(Leaves));
    }
}

/// Records an operation of the current thread without orderings or values.
#[track_caller]
pub(crate) fn record(operation: &'static str, object: usize) {
    record_with(operation, object, [None; 2], [Value::None; 2]);
}

/// Records an operation of the current thread.
#[track_caller]
fn record_with(
    operation: &'static str,
    object: usize,
    orderings: [Option<Ordering>; 2],
    values: [Value; 2],
) {
    if probe::tracing() {
        let (me, at) = (raw::thread_index(), Location::caller());
        probe::record(me, at.into(), operation, object, orderings, values);
    }
}

/// A place of the program.
pub(crate) type At = &'static Location<'static>;

/// Records that the current thread drops a guard that was taken at a place of the program.
pub(crate) fn record_drop(operation: &'static str, object: usize, taken: At) {
    if probe::tracing() {
        let (me, spot) = (raw::thread_index(), Spot::of_guard(taken));
        probe::record(me, spot, operation, object, [None; 2], [Value::None; 2]);
    }
}

/// Notes that the current thread is about to wait for `object`. The wait itself follows in the
/// caller, since a closure would hide the caller's site from the engine.
#[track_caller]
pub(crate) fn wait_begins(what: Wait, object: usize) {
    probe::wait(raw::thread_index(), what, object, false, Location::caller());
}

/// As [`wait_begins`], of a wait that has a time-out.
#[track_caller]
pub(crate) fn timed_wait_begins(what: Wait, object: usize) {
    probe::wait(raw::thread_index(), what, object, true, Location::caller());
}

/// Notes that the current thread waits no longer.
pub(crate) fn wait_ends() {
    probe::unwait(raw::thread_index());
}

/// Notes that the current thread holds a lock, or holds it no longer.
fn holds(object: usize, held: bool) {
    match held {
        true => probe::acquired(raw::thread_index(), object),
        false => probe::released(raw::thread_index(), object),
    }
}

/// Notes that a wake-up was sent to whoever waits for `object`.
fn woken(object: usize) {
    probe::woken(object);
}

/// Stops the execution if an object in freed memory is used.
#[track_caller]
fn check_alive<T: ?Sized>(object: &T) {
    raw::check_access(address(object), Location::caller());
}

/// The address of an object: its identity within an execution.
fn address<T: ?Sized>(object: &T) -> usize {
    std::ptr::from_ref(object).cast::<()>().addr()
}
