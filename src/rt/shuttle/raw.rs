//! shuttle's own types with clocks beside them, in the shape the facade builds on.

use std::cell::RefCell;
use std::sync::atomic::Ordering;
use std::sync::{Arc, LockResult, Mutex as StdMutex, PoisonError, TryLockError, TryLockResult};

use super::hb::{self, AtomicClock, CellClock, Clock};
use super::spin;
use crate::probe;
use crate::verdict::EngineId;

/// The engine these primitives belong to.
pub const ENGINE: EngineId = EngineId::Shuttle;

#[path = "../quarantined.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled once per engine on purpose")]
pub mod boxed;

#[path = "../life.rs"]
#[expect(clippy::duplicate_mod, reason = "compiled once per engine on purpose")]
pub mod heap;

pub use heap::check_access;
pub use probe::stopped;

/// Forgets the execution before.
pub fn begin() {
    heap::begin();
    hb::begin();
    spin::begin();
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

pub mod atomic {
    //! shuttle's atomics, each with a clock.
    use super::*;

    /// A fence; the schedule is sequentially consistent anyway, the clocks are not.
    pub fn fence(ordering: Ordering) {
        shuttle::sync::atomic::fence(Ordering::SeqCst);
        hb::fence(ordering);
    }

    macro_rules! common {
        ($name:ident $(<$p:ident>)?, $value:ty) => {
            /// shuttle's type of this name, with a clock.
            pub struct $name $(<$p>)? {
                value: shuttle::sync::atomic::$name $(<$p>)?,
                clock: AtomicClock,
            }

            impl $(<$p>)? $name $(<$p>)? {
                #[track_caller]
                pub fn new(value: $value) -> Self {
                    let value = shuttle::sync::atomic::$name::new(value);
                    $name { value, clock: AtomicClock::new() }
                }

                pub fn into_inner(self) -> $value {
                    self.value.into_inner()
                }

                #[track_caller]
                pub fn load(&self, ordering: Ordering) -> $value {
                    let value = self.value.load(Ordering::SeqCst);
                    self.clock.load(ordering);
                    value
                }

                #[track_caller]
                pub fn store(&self, value: $value, ordering: Ordering) {
                    let before = self.value.swap(value, Ordering::SeqCst);
                    self.clock.store(ordering);
                    if before != value {
                        changed();
                    }
                }

                #[track_caller]
                fn rmw(&self, ordering: Ordering, update: impl Fn($value) -> $value) -> $value {
                    let (load, store) = (Ordering::SeqCst, Ordering::SeqCst);
                    let before = self.value.fetch_update(store, load, |v| Some(update(v)));
                    let before = before.unwrap_or_else(|value| value);
                    self.clock.rmw(ordering);
                    if before != update(before) {
                        changed();
                    }
                    before
                }

                #[track_caller]
                pub fn swap(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |_| value)
                }

                #[track_caller]
                pub fn compare_exchange(
                    &self,
                    current: $value,
                    new: $value,
                    success: Ordering,
                    failure: Ordering,
                ) -> Result<$value, $value> {
                    let both = Ordering::SeqCst;
                    let result = self.value.compare_exchange(current, new, both, both);
                    if result.is_ok() {
                        self.clock.rmw(success);
                        if current != new {
                            changed();
                        }
                    } else {
                        self.clock.load(failure);
                    }
                    result
                }

                #[track_caller]
                pub fn compare_exchange_weak(
                    &self,
                    current: $value,
                    new: $value,
                    success: Ordering,
                    failure: Ordering,
                ) -> Result<$value, $value> {
                    self.compare_exchange(current, new, success, failure)
                }
            }
        };
    }

    macro_rules! integers {
        ($($name:ident $value:ty),+) => {$(
            common!($name, $value);

            impl $name {
                #[track_caller]
                pub fn fetch_add(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| v.wrapping_add(value))
                }

                #[track_caller]
                pub fn fetch_sub(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| v.wrapping_sub(value))
                }

                #[track_caller]
                pub fn fetch_max(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| v.max(value))
                }

                #[track_caller]
                pub fn fetch_min(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| v.min(value))
                }
            }
            bits!($name, $value);
        )+};
    }

    macro_rules! bits {
        ($name:ident, $value:ty) => {
            impl $name {
                #[track_caller]
                pub fn fetch_and(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| v & value)
                }

                #[track_caller]
                pub fn fetch_or(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| v | value)
                }

                #[track_caller]
                pub fn fetch_xor(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| v ^ value)
                }

                #[track_caller]
                pub fn fetch_nand(&self, value: $value, ordering: Ordering) -> $value {
                    self.rmw(ordering, |v| !(v & value))
                }
            }
        };
    }

    integers!(
        AtomicU8 u8, AtomicU16 u16, AtomicU32 u32, AtomicU64 u64, AtomicUsize usize,
        AtomicI8 i8, AtomicI16 i16, AtomicI32 i32, AtomicI64 i64, AtomicIsize isize
    );
    common!(AtomicBool, bool);
    bits!(AtomicBool, bool);
    common!(AtomicPtr<T>, *mut T);
}

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

/// shuttle's mutex, with the clock of its last release.
pub struct Mutex<T> {
    lock: shuttle::sync::Mutex<T>,
    released: RefCell<Clock>,
}

/// Holds a [`Mutex`].
pub struct MutexGuard<'a, T> {
    guard: Option<shuttle::sync::MutexGuard<'a, T>>,
    released: &'a RefCell<Clock>,
}

impl<T> Mutex<T> {
    pub fn new(data: T) -> Self {
        Mutex { lock: shuttle::sync::Mutex::new(data), released: RefCell::default() }
    }

    fn guard<'a>(&'a self, guard: shuttle::sync::MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        hb::join(&self.released.borrow());
        MutexGuard { guard: Some(guard), released: &self.released }
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

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if !probe::stopped() && self.guard.is_some() {
            self.released.borrow_mut().clone_from(&hb::publish());
            changed();
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

/// shuttle's condition variable; what it orders, its mutex orders.
pub struct Condvar(shuttle::sync::Condvar);

impl Condvar {
    pub fn new() -> Self {
        Condvar(shuttle::sync::Condvar::new())
    }

    pub fn wait<'a, T>(&self, mut guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let released = guard.released;
        released.borrow_mut().clone_from(&hb::publish());
        changed();
        let inner = guard.guard.take().expect("a guard that is not in use holds its lock");
        let inner = self.0.wait(inner).unwrap_or_else(PoisonError::into_inner);
        hb::join(&released.borrow());
        Ok(MutexGuard { guard: Some(inner), released })
    }

    pub fn notify_one(&self) {
        changed();
        self.0.notify_one();
    }

    pub fn notify_all(&self) {
        changed();
        self.0.notify_all();
    }
}

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
    /// What the unparks before it published.
    published: Clock,
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
        with_token(self.index(), |token| {
            token.available = true;
            token.published.merge(&published);
        });
        changed();
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
    let take = |token: &mut Token| std::mem::take(&mut token.available);
    while !with_token(hb::me(), take) {
        shuttle::thread::park();
    }
    let published = with_token(hb::me(), |token| token.published);
    hb::join(&published);
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

/// Lets another thread go first.
pub fn switch() {
    shuttle::thread::yield_now();
}
