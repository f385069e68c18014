//! shuttle's own types with clocks beside them, in the shape the facade builds on.

use std::cell::RefCell;
use std::sync::{Arc, LockResult, Mutex as StdMutex, PoisonError, TryLockError, TryLockResult};

use super::hb::{self, CellClock, Clock};
use super::{spin, waits};
use casebook_core::verdict::EngineId;
use casebook_engine::probe;

/// The engine these primitives belong to.
pub const ENGINE: EngineId = EngineId::Shuttle;

#[path = "../raw/boxed.rs"]
pub mod boxed;
mod condvar;
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

pub use super::input::choose;
pub use heap::check_access;
pub use point::Point;
pub use probe::stopped;

/// Forgets the execution before.
pub fn begin() {
    heap::begin();
    futex::begin();
    hb::begin();
    TOKENS.take();
}

/// The current thread's number.
pub fn thread_index() -> usize {
    hb::me()
}

/// Notes that the current thread changed something another one may spin on.
fn changed() {
    spin::changed(hb::me());
}

pub mod atomic;

/// Plain data with a clock; shuttle has no such type.
pub struct UnsafeCell<T> {
    data: std::cell::UnsafeCell<T>,
    clock: CellClock,
}

impl<T> UnsafeCell<T> {
    #[track_caller]
    pub fn new(data: T) -> Self {
        UnsafeCell { data: std::cell::UnsafeCell::new(data), clock: CellClock::new() }
    }

    pub fn into_inner(self) -> T {
        self.data.into_inner()
    }

    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        self.clock.read();
        f(self.data.get())
    }

    #[track_caller]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        self.clock.write();
        f(self.data.get())
    }
}

/// shuttle's mutex, with the clock of its last release; none where it orders nothing.
pub struct Mutex<T> {
    lock: shuttle::sync::Mutex<T>,
    released: Option<RefCell<Clock>>,
}

/// A thread may take a read lock twice.
pub const READS_TWICE: bool = true;

/// A mutex that excludes and orders nothing.
pub fn unordered_mutex() -> Mutex<()> {
    Mutex { lock: shuttle::sync::Mutex::new(()), released: None }
}

/// A moment of a thread's run.
#[derive(Clone, Copy)]
pub struct Moment(Clock);

impl Moment {
    /// This moment of the current thread.
    pub fn now() -> Self {
        Moment(hb::publish())
    }

    /// What follows happens after the moment.
    pub fn observe(self) {
        hb::join(&self.0);
    }
}

/// Holds a [`Mutex`].
pub struct MutexGuard<'a, T> {
    guard: Option<shuttle::sync::MutexGuard<'a, T>>,
    lock: &'a shuttle::sync::Mutex<T>,
    released: Option<&'a RefCell<Clock>>,
}

impl<T> Mutex<T> {
    pub fn new(data: T) -> Self {
        Mutex { lock: shuttle::sync::Mutex::new(data), released: Some(RefCell::default()) }
    }

    fn guard<'a>(&'a self, guard: shuttle::sync::MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let released = self.released.as_ref();
        acquire(released);
        MutexGuard { guard: Some(guard), lock: &self.lock, released }
    }

    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.guard(guard))
    }

    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match self.lock.try_lock() {
            Ok(guard) => Ok(self.guard(guard)),
            Err(TryLockError::Poisoned(poisoned)) => Ok(self.guard(poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }
}

fn acquire(released: Option<&RefCell<Clock>>) {
    if let Some(released) = released {
        hb::join(&released.borrow());
    }
}

fn release(released: Option<&RefCell<Clock>>) {
    if let Some(released) = released {
        released.borrow_mut().clone_from(&hb::publish());
    }
    changed();
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if !probe::stopped() && self.guard.is_some() {
            release(self.released);
        }
    }
}

/// shuttle's reader–writer lock; readers synchronise with writers only.
pub struct RwLock<T> {
    lock: shuttle::sync::RwLock<T>,
    by_writer: RefCell<Clock>,
    by_readers: RefCell<Vec<Clock>>,
}

/// Shares a [`RwLock`].
pub struct RwLockReadGuard<'a, T> {
    _guard: shuttle::sync::RwLockReadGuard<'a, T>,
    by_readers: &'a RefCell<Vec<Clock>>,
}

/// Holds a [`RwLock`].
pub struct RwLockWriteGuard<'a, T> {
    _guard: shuttle::sync::RwLockWriteGuard<'a, T>,
    by_writer: &'a RefCell<Clock>,
}

impl<T> RwLock<T> {
    pub fn new(data: T) -> Self {
        let lock = shuttle::sync::RwLock::new(data);
        RwLock { lock, by_writer: RefCell::default(), by_readers: RefCell::default() }
    }

    fn reader<'a>(
        &'a self,
        guard: shuttle::sync::RwLockReadGuard<'a, T>,
    ) -> RwLockReadGuard<'a, T> {
        hb::join(&self.by_writer.borrow());
        RwLockReadGuard { _guard: guard, by_readers: &self.by_readers }
    }

    fn writer<'a>(
        &'a self,
        guard: shuttle::sync::RwLockWriteGuard<'a, T>,
    ) -> RwLockWriteGuard<'a, T> {
        hb::join(&self.by_writer.borrow());
        self.by_readers.take().iter().for_each(hb::join);
        RwLockWriteGuard { _guard: guard, by_writer: &self.by_writer }
    }

    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        Ok(self.reader(self.lock.read().unwrap_or_else(PoisonError::into_inner)))
    }

    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        Ok(self.writer(self.lock.write().unwrap_or_else(PoisonError::into_inner)))
    }

    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        match self.lock.try_read() {
            Ok(guard) => Ok(self.reader(guard)),
            Err(TryLockError::Poisoned(poisoned)) => Ok(self.reader(poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }

    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        match self.lock.try_write() {
            Ok(guard) => Ok(self.writer(guard)),
            Err(TryLockError::Poisoned(poisoned)) => Ok(self.writer(poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        }
    }
}

impl<T> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        if !probe::stopped() {
            self.by_readers.borrow_mut().push(hb::publish());
            changed();
        }
    }
}

impl<T> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        if !probe::stopped() {
            self.by_writer.borrow_mut().clone_from(&hb::publish());
            changed();
        }
    }
}

pub use condvar::{Condvar, wait_timeout};

/// A thread to join.
pub struct JoinHandle {
    thread: shuttle::thread::JoinHandle<()>,
    end: Arc<StdMutex<Clock>>,
}

struct AssertSend<T>(T);

// SAFETY: shuttle runs every thread of an execution as a coroutine of the operating-system thread
// that runs the check, so nothing is ever sent to another one.
unsafe impl<T> Send for AssertSend<T> {}

impl<T: FnOnce()> AssertSend<T> {
    fn call(self) {
        (self.0)();
    }
}

/// Starts a thread.
pub fn spawn(body: Box<dyn FnOnce()>) -> JoinHandle {
    let parent = hb::publish();
    let end = Arc::new(StdMutex::new(Clock::default()));
    let ended = end.clone();
    let body = AssertSend(body);
    let thread = shuttle::thread::spawn(move || {
        hb::start(parent);
        body.call();
        if !probe::stopped() {
            *ended.lock().expect("nobody panics while holding it") = hb::publish();
            changed();
        }
    });
    JoinHandle { thread, end }
}

/// Starts one of the threads that are alike. They are explored in every order here.
pub fn spawn_alike(_: Option<&Thread>, body: Box<dyn FnOnce()>) -> JoinHandle {
    spawn(body)
}

impl JoinHandle {
    /// Waits for the thread's end.
    pub fn join(self) {
        // A panic of the thread has stopped the whole execution before this returns.
        let _ = self.thread.join();
        hb::join(&self.end.lock().expect("nobody panics while holding it"));
    }

    /// The thread's handle.
    pub fn thread(&self) -> Thread {
        Thread(self.thread.thread().clone())
    }
}

thread_local! {
    /// Each thread's park token. shuttle gives a parked thread two for two unparks; `std` does not.
    static TOKENS: RefCell<Vec<Token>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Default)]
struct Token {
    available: bool,
    /// Whether the thread waits for it, with a time-out.
    awaited: bool,
    /// What the unparks before it published.
    published: Clock,
}

impl Token {
    fn take(&mut self) -> bool {
        std::mem::take(&mut self.available)
    }
}

fn with_token<R>(thread: usize, f: impl FnOnce(&mut Token) -> R) -> R {
    TOKENS.with_borrow_mut(|tokens| {
        if tokens.len() <= thread {
            tokens.resize(thread + 1, Token::default());
        }
        f(&mut tokens[thread])
    })
}

/// A thread to unpark.
#[derive(Clone)]
pub struct Thread(shuttle::thread::Thread);

impl Thread {
    /// Gives the thread its token.
    pub fn unpark(&self) {
        self.0.unpark();
        // No switch comes between: the thread cannot have taken the token yet.
        let published = hb::publish();
        let awaited = with_token(self.index(), |token| {
            token.available = true;
            token.published.merge(&published);
            token.awaited
        });
        if awaited {
            waits::set_woken(self.index(), true);
        }
        changed();
    }

    /// The engine's own.
    #[track_caller]
    pub fn engine_unpark(&self) {
        self.unpark();
    }

    /// The thread's number.
    pub fn index(&self) -> usize {
        self.0.id().into()
    }
}

/// The current thread's handle.
pub fn current() -> Thread {
    Thread(shuttle::thread::current())
}

/// Waits for the current thread's token.
pub fn park() {
    while !with_token(hb::me(), Token::take) {
        shuttle::thread::park();
    }
    let published = with_token(hb::me(), |token| token.published);
    hb::join(&published);
}

/// As [`park`], or until a time-out.
pub fn park_timeout() {
    let me = hb::me();
    let mut is_there = with_token(me, Token::take);
    if !is_there {
        with_token(me, |token| token.awaited = true);
        waits::wait(me, true);
        with_token(me, |token| token.awaited = false);
        is_there = with_token(me, Token::take);
    }
    if is_there {
        let published = with_token(me, |token| token.published);
        hb::join(&published);
    }
}

/// Ends a turn of a spin loop.
pub fn spin() {
    let me = hb::me();
    spin::turn_ends(me);
    switch();
    spin::turn_begins(me);
}

/// A sleep orders nothing: the schedule may go on with this thread, or with another.
pub fn sleep() {
    switch();
}

/// Nothing begins with an operation.
#[inline(always)]
pub fn arrive() {}

/// Nothing ends with an operation.
#[inline(always)]
pub fn settle() {}

/// Lets another thread go first.
pub fn switch() {
    shuttle::thread::yield_now();
}
