//! loom's own types, in the shape the facade builds on.

use std::cell::RefCell;

use crate::probe::{self, Stop};
use crate::verdict::{EngineId, Reason};

/// The engine these primitives belong to.
pub const ENGINE: EngineId = EngineId::Loom;

pub mod atomic {
    //! loom's atomics.
    pub use loom::sync::atomic::{
        AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8,
        AtomicU16, AtomicU32, AtomicU64, AtomicUsize, fence,
    };
}

pub use loom::cell::UnsafeCell;
pub use loom::sync::{Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

thread_local! {
    static THREADS: RefCell<Vec<loom::thread::ThreadId>> = const { RefCell::new(Vec::new()) };
}

/// Whether the probe records what happens: the engine has no trace of its own.
pub const TRACED: bool = true;

pub use probe::stopped;

pub mod heap {
    //! The probe's quarantined heap.
    pub use crate::probe::{allocated, check_access, check_owned, freed};
}

/// Forgets the threads of the execution before.
pub fn begin() {
    THREADS.take();
    thread_index();
}

/// The current thread's number, by the order in which threads first ask.
pub fn thread_index() -> usize {
    let me = loom::thread::current().id();
    index_of(me)
}

fn index_of(id: loom::thread::ThreadId) -> usize {
    THREADS.with_borrow_mut(|threads| {
        threads.iter().position(|known| *known == id).unwrap_or_else(|| {
            threads.push(id);
            threads.len() - 1
        })
    })
}

/// A thread to join.
pub struct JoinHandle(loom::thread::JoinHandle<()>);

/// Starts a thread.
pub fn spawn(body: Box<dyn FnOnce()>) -> JoinHandle {
    if THREADS.with_borrow(|threads| threads.len()) == loom::MAX_THREADS {
        probe::halt(Stop::Inexpressible(Reason::ThreadLimit));
    }
    let handle = loom::thread::spawn(body);
    index_of(handle.thread().id());
    JoinHandle(handle)
}

impl JoinHandle {
    /// Waits for the thread's end.
    pub fn join(self) {
        // A panic of the thread has stopped the whole execution before this returns.
        let _ = self.0.join();
    }

    /// The thread's handle.
    pub fn thread(&self) -> Thread {
        Thread(self.0.thread().clone())
    }
}

/// A thread to unpark.
#[derive(Clone)]
pub struct Thread(loom::thread::Thread);

impl Thread {
    /// Gives the thread its token.
    pub fn unpark(&self) {
        self.0.unpark();
    }

    /// The thread's number.
    pub fn index(&self) -> usize {
        index_of(self.0.id())
    }
}

/// The current thread's handle.
pub fn current() -> Thread {
    Thread(loom::thread::current())
}

/// Waits for the current thread's token.
pub fn park() {
    loom::thread::park();
}

/// Ends a turn of a spin loop.
pub fn spin() {
    switch();
}

/// Lets every other thread go first.
pub fn switch() {
    loom::thread::yield_now();
}
