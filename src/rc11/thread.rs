//! Threads with the names and shapes of `std::thread`.

use std::cell::{Cell, UnsafeCell};
use std::marker::PhantomData;
use std::panic::{
    AssertUnwindSafe, Location, RefUnwindSafe, UnwindSafe, catch_unwind, resume_unwind,
};
use std::sync::Arc;
use std::time::Duration;

use super::current::{perform, perform_if_inside};
use super::fiber::Job;
use super::frame::arrive;
use super::graph::NONE;
use super::label::{Kind, Label, Op, Order, Outcome};
use super::ops::{self, At, Loc};

/// What a thread leaves for whoever joins it.
struct Packet<T>(UnsafeCell<Option<T>>);

// SAFETY: it is touched by the thread that leaves the value, and by whoever has joined that thread: `join` has shown by the epoch that
// both belong to the running execution, whose threads are fibers of one OS thread. A value never taken is dropped by
// whoever drops the last handle, and what a thread returns is `Send`, or stays within the scope that it borrows from.
unsafe impl<T> Send for Packet<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Packet<T> {}

/// Owns the permission to join a thread.
pub struct JoinHandle<T> {
    thread: Thread,
    packet: Arc<Packet<T>>,
}

impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end. A thread that panics fails the whole check, so this is always `Ok`.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        join(&self.thread, &self.packet)
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }
}

impl<T> std::fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("JoinHandle").field(&self.thread.id).finish()
    }
}

#[track_caller]
fn join<T>(thread: &Thread, packet: &Packet<T>) -> std::thread::Result<T> {
    thread.await_end();
    // SAFETY: the thread has ended, so nothing else touches its packet.
    let value = unsafe { (*packet.0.get()).take() };
    Ok(value.expect("a thread that has ended leaves a value"))
}

/// A handle to a thread.
#[derive(Clone, Debug)]
pub struct Thread {
    id: ThreadId,
    token: Loc,
    name: Option<String>,
}

/// A thread's name, unique within an execution and the same in every execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThreadId(u16);

impl ThreadId {
    /// The thread's number: 0 runs the closure.
    pub fn index(self) -> usize {
        self.0.into()
    }
}

impl Thread {
    /// The thread's name in this execution.
    pub fn id(&self) -> ThreadId {
        self.id
    }

    /// The name given through [`Builder`].
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Waits for the thread's end, whoever joins it.
    #[doc(hidden)]
    #[track_caller]
    pub fn await_end(&self) {
        let at = Location::caller();
        perform(|exec| {
            exec.check_epoch(self.token, at)?;
            exec.join(self.id.0, at)
        });
    }

    /// Makes the thread's token available: its `park` returns. Synchronizes with it.
    #[track_caller]
    pub fn unpark(&self) {
        self.unpark_at(Location::caller());
    }

    pub(super) fn unpark_at(&self, at: At) {
        let access = super::sync::word(self.token, self, Op::Unpark, Order::Release, at);
        perform_if_inside(|exec| exec.update(&access, unpark_step, 0, 0));
    }
}

/// Blocks until the thread's token is available, and takes it. May also wake unasked, as `std` documents.
#[track_caller]
pub fn park() {
    park_at(Location::caller());
}

pub(super) fn park_at(at: At) {
    let me = me();
    let access = super::sync::word(me.token, &me, Op::Park, Order::Acquire, at);
    ops::update(&access, park_step, 0, 1);
}

/// As [`park`], and may return at any moment: once in an execution the thread's waits with a time-out end by it.
#[track_caller]
pub fn park_timeout(_: Duration) {
    let me = me();
    let access =
        super::sync::word(me.token, &me, Op::ParkTimeout, Order::Acquire, Location::caller());
    ops::update(&access, park_step, 0, super::sync::may_time_out());
}

pub(super) fn unpark_step(_: u64, _: u64, _: u64, variant: u8) -> Option<Outcome> {
    (variant == 0).then_some(Outcome::Write(1))
}

/// `unasked` is 1 if it may return without the token.
pub(super) fn park_step(token: u64, _: u64, unasked: u64, variant: u8) -> Option<Outcome> {
    match (token, variant) {
        (1, 0) => Some(Outcome::Write(0)),
        (_, 0) => Some(Outcome::Block),
        (0, 1) if unasked == 1 => Some(Outcome::Keep),
        _ => None,
    }
}

/// The calling thread. Who asks can tell it from others: threads of the program that are alike ([`Scope::spawn_alike`]) are explored in every order then.
pub fn current() -> Thread {
    perform(|exec| {
        exec.explorer.are_told_apart();
        Ok(())
    });
    me()
}

fn me() -> Thread {
    perform(|exec| {
        exec.thread_matters()?;
        Ok(exec.threads[exec.host].local.clone().expect("a running thread has a handle"))
    })
}

/// Lets other threads run; in a loop that waits, the same as [`hint::spin_loop`](super::hint::spin_loop).
#[track_caller]
#[inline(always)]
pub fn yield_now() {
    super::shadow::hint(Location::caller());
}

/// Spawns a thread.
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    // SAFETY: `f` and its result own what they hold.
    unsafe { spawn_unchecked(f, None, Alike::Nobody, Location::caller()) }
}

/// What a thread that is spawned is alike.
#[derive(Clone, Copy)]
enum Alike {
    Nobody,
    /// Those to come.
    Further,
    /// This one, spawned before it.
    To(ThreadId),
}

/// Spawns without the `'static` bound.
///
/// # Safety
/// What `f` borrows outlives the thread: it is joined, or torn down, first.
unsafe fn spawn_unchecked<'a, F, T>(
    f: F,
    name: Option<String>,
    alike: Alike,
    at: At,
) -> JoinHandle<T>
where
    F: FnOnce() -> T + 'a,
    T: 'a,
{
    let packet = Arc::new(Packet(UnsafeCell::new(None)));
    let token = ops::create(0, Op::New, at);
    let out = packet.clone();
    // SAFETY: the packet is read only after this thread has ended.
    let keep = move |value| unsafe { *out.0.get() = Some(value) };
    let job: Box<dyn FnOnce() + 'a> = Box::new(move || life(f, keep, at));
    // SAFETY: the caller answers for the borrows.
    let mut job = Some(unsafe { std::mem::transmute::<Box<dyn FnOnce() + 'a>, Job>(job) });
    let thread = perform(|exec| {
        let running = exec.running;
        let child = exec.names.child(running as u16, exec.threads[running].spawns);
        let label = Label::new(Kind::Create, Op::Create, Order::NonAtomic, at);
        let a = match alike {
            Alike::Nobody => 0,
            Alike::Further => u64::from(child) + 1,
            Alike::To(before) => u64::from(before.0) + 1,
        };
        let create = exec.event(Label { child: child.into(), a, ..label })?;
        exec.threads[running].spawns += 1;
        let thread = Thread { id: ThreadId(child), token, name: name.clone() };
        let job = job.take().expect("a thread is spawned once");
        exec.launch(child as usize, create, job, Some(thread.clone()));
        Ok(thread)
    });
    JoinHandle { thread, packet }
}

/// A thread from its first event to its last. What it returns is on its stack at the last one, and then kept.
pub(super) fn life<T>(body: impl FnOnce() -> T, keep: impl FnOnce(T), at: At) {
    let create = perform(|exec| Ok(exec.me().create));
    if create == NONE {
        let token = ops::create(0, Op::New, at);
        let thread = Thread { id: ThreadId(0), token, name: None };
        perform(|exec| {
            exec.me().local = Some(thread.clone());
            Ok(())
        });
    } else {
        let label = Label::new(Kind::Begin, Op::Begin, Order::NonAtomic, at);
        perform(|exec| exec.event(Label { from: create, ..label }));
    }
    let value = body();
    std::hint::black_box(&value);
    arrive();
    perform(|exec| exec.event(Label::new(Kind::End, Op::End, Order::NonAtomic, at)));
    keep(value);
}

/// A thread to be, with a name.
#[derive(Debug, Default)]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// A thread without a name.
    pub fn new() -> Self {
        Builder::default()
    }

    /// Names the thread.
    pub fn name(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// Spawns it; always `Ok`.
    #[track_caller]
    pub fn spawn<F, T>(self, f: F) -> std::io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // SAFETY: `f` and its result own what they hold.
        Ok(unsafe { spawn_unchecked(f, self.name, Alike::Nobody, Location::caller()) })
    }
}

/// Spawns one of the threads that are alike, behind the one spawned before it. They run the same, none can tell which of them it is, and whoever joins one joins all
/// before it does anything else.
#[doc(hidden)]
#[track_caller]
pub fn spawn_alike_after<F>(before: Option<&Thread>, f: F) -> JoinHandle<()>
where
    F: FnOnce() + Send + 'static,
{
    let alike = before.map_or(Alike::Further, |before| Alike::To(before.id));
    // SAFETY: `f` owns what it holds.
    unsafe { spawn_unchecked(f, None, alike, Location::caller()) }
}

type Open = std::cell::RefCell<Vec<Thread>>;

/// Threads that may borrow from outside the scope: all are joined when it ends.
pub struct Scope<'scope, 'env: 'scope> {
    open: Open,
    scope: PhantomData<Cell<&'scope ()>>,
    env: PhantomData<Cell<&'env ()>>,
}

// SAFETY: whoever has a reference is a thread of the scope, or runs it: fibers of one OS thread. `open` is borrowed only within
// calls that do not pause.
unsafe impl Sync for Scope<'_, '_> {}

/// Owns the permission to join a scoped thread.
#[derive(Debug)]
pub struct ScopedJoinHandle<'scope, T> {
    inner: JoinHandle<T>,
    open: &'scope Open,
}

// SAFETY: as for `Scope`.
unsafe impl<T> Send for ScopedJoinHandle<'_, T> {}
// SAFETY: as for `Scope`.
unsafe impl<T> Sync for ScopedJoinHandle<'_, T> {}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the thread's end; always `Ok`.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        self.open.borrow_mut().retain(|t| t.id != self.inner.thread.id);
        join(&self.inner.thread, &self.inner.packet)
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        &self.inner.thread
    }
}

impl<'scope, 'env> Scope<'scope, 'env> {
    fn first_open(&self) -> Option<Thread> {
        self.open.borrow().first().cloned()
    }

    /// Spawns a thread within the scope.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        // SAFETY: `scope` joins every thread before it returns or unwinds. An execution that ends before abandons them all.
        let inner = unsafe { spawn_unchecked(f, None, Alike::Nobody, Location::caller()) };
        self.open.borrow_mut().push(inner.thread.clone());
        ScopedJoinHandle { inner, open: &self.open }
    }

    /// Spawns `n` threads that are alike: each runs `f` for what it does, and cannot tell which of them it is. So of the executions that differ only in which of them does what
    /// one is explored, if their first operation is a read-modify-write or the lock of a mutex, and none asks for its handle
    /// ([`current`]). They are joined where the scope ends.
    ///
    /// ```
    /// use rc11::sync::atomic::{AtomicU32, Ordering::Relaxed};
    /// use rc11::{Checker, thread};
    ///
    /// let report = Checker::new().check(|| {
    ///     let count = AtomicU32::new(0);
    ///     let add = || count.fetch_add(1, Relaxed);
    ///     thread::scope(|s| s.spawn_alike(8, &add));
    ///     assert_eq!(count.load(Relaxed), 8);
    /// });
    /// assert!(report.is_proved());
    /// assert_eq!((report.complete, report.in_every_order), (1, 40_320));
    /// ```
    #[track_caller]
    pub fn spawn_alike<F, T>(&'scope self, n: usize, f: &'scope F)
    where
        F: Fn() -> T + Sync,
    {
        let mut alike = Alike::Further;
        for _ in 0..n {
            // SAFETY: as in `spawn`.
            let inner = unsafe { spawn_unchecked(|| drop(f()), None, alike, Location::caller()) };
            alike = Alike::To(inner.thread.id);
            self.open.borrow_mut().push(inner.thread);
        }
    }
}

/// Runs `f` with a scope, and joins the threads spawned in it, also if it panics.
#[track_caller]
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let scope = Scope { open: Default::default(), scope: PhantomData, env: PhantomData };
    let result = catch_unwind(AssertUnwindSafe(|| f(&scope)));
    // A scoped thread may spawn further ones while it is joined.
    while let Some(thread) = scope.first_open() {
        thread.await_end();
        scope.open.borrow_mut().retain(|t| t.id != thread.id);
    }
    result.unwrap_or_else(|payload| resume_unwind(payload))
}
