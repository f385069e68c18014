//! loom's own types, in the shape the facade builds on.

use std::cell::RefCell;
use std::rc::Rc;

use super::time_out;

use casebook_core::verdict::{EngineId, Reason};
use casebook_engine::probe::{self, Stop};

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
pub use loom::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use time_out::{Condvar, Mutex, MutexGuard, wait_timeout};

/// loom has no answer to a thread that takes a read lock twice: it fails in its own code.
pub const READS_TWICE: bool = false;

/// loom orders all users of a mutex.
pub fn unordered_mutex() -> Mutex<()> {
    Mutex::new(())
}

/// A moment of a thread's run. Under loom the mutex that a model keeps its state in orders its users already.
#[derive(Clone, Copy, Default)]
pub struct Moment;

impl Moment {
    /// This moment of the current thread.
    pub fn now() -> Self {
        Moment
    }

    /// What follows happens after the moment.
    pub fn observe(self) {}
}

thread_local! {
    static THREADS: RefCell<Vec<loom::thread::ThreadId>> = const { RefCell::new(Vec::new()) };
    /// Each thread's park token. loom's own is lost in a yield, comes twice for two unparks, and
    /// orders the unpark before what follows even where nobody parks; `std` does none of it.
    static TOKENS: RefCell<Vec<Rc<Token>>> = const { RefCell::new(Vec::new()) };
}

#[path = "../raw/boxed.rs"]
pub mod boxed;
#[path = "../raw/flag.rs"]
mod flag;
#[path = "../raw/futex.rs"]
mod futex;
#[path = "../raw/gate.rs"]
mod gate;
#[path = "../raw/heap.rs"]
pub mod heap;
#[path = "../raw/point.rs"]
mod point;

pub use flag::Flag;
pub use futex::FutexQueue;
pub use gate::Gate;

pub use heap::check_access;
pub use point::Point;
pub use probe::stopped;

/// Forgets the threads of the execution before.
pub fn begin() {
    heap::begin();
    futex::begin();
    THREADS.take();
    TOKENS.take();
    time_out::begin();
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

/// Stops where loom has no further thread.
pub fn require_room() {
    let threads = THREADS.with_borrow(|threads| threads.len()) + time_out::threads();
    if threads == loom::MAX_THREADS {
        probe::halt(Stop::Inexpressible(Reason::ThreadLimit));
    }
}

/// A thread to join.
pub struct JoinHandle(loom::thread::JoinHandle<()>);

/// Starts a thread.
pub fn spawn(body: Box<dyn FnOnce()>) -> JoinHandle {
    require_room();
    let handle = loom::thread::spawn(body);
    index_of(handle.thread().id());
    JoinHandle(handle)
}

/// Starts one of the threads that are alike. They are explored in every order here.
pub fn spawn_alike(_: Option<&Thread>, body: Box<dyn FnOnce()>) -> JoinHandle {
    spawn(body)
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
        let token = token_of(self.index());
        *token.available.lock().expect("loom does not poison") = true;
        token.came.notify_one();
    }

    /// loom's own.
    pub fn engine_unpark(&self) {
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
    let token = token_of(thread_index());
    let mut available = token.available.lock().expect("loom does not poison");
    while !std::mem::take(&mut *available) {
        available = token.came.wait(available).expect("loom does not poison");
    }
}

/// As [`park`], or until a time-out.
pub fn park_timeout() {
    let token = token_of(thread_index());
    let mut available = token.available.lock().expect("loom does not poison");
    let mut timed_out = false;
    while !std::mem::take(&mut *available) && !timed_out {
        (available, timed_out) = wait_timeout(&token.came, available);
    }
}

struct Token {
    available: Mutex<bool>,
    came: Condvar,
}

fn token_of(thread: usize) -> Rc<Token> {
    TOKENS.with_borrow_mut(|tokens| {
        while tokens.len() <= thread {
            tokens.push(Rc::new(Token { available: Mutex::new(false), came: Condvar::new() }));
        }
        tokens[thread].clone()
    })
}

/// Ends a turn of a spin loop.
pub fn spin() {
    switch();
}

/// A sleep orders nothing: the search already lets others go first, and also not.
pub fn sleep() {}

/// loom has no input to choose.
pub fn choose(_: usize) -> usize {
    probe::halt(Stop::Inexpressible(Reason::NoInputs))
}

/// Nothing begins with an operation.
#[inline(always)]
pub fn arrive() {}

/// Nothing ends with an operation.
#[inline(always)]
pub fn settle() {}

/// Lets every other thread go first.
pub fn switch() {
    loom::thread::yield_now();
}
