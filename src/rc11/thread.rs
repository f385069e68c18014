//! Threads with the names and shapes of `std::thread`.

use std::cell::{Cell, UnsafeCell};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::Arc;

use super::current::Current;
use super::fiber::Job;
use super::graph::NONE;
use super::label::{Kind, Label, Op, Order, Outcome};
use super::ops::{self, At, Loc};

/// What a thread leaves for whoever joins it.
struct Packet<T>(UnsafeCell<Option<T>>);

// SAFETY: all threads of an execution are fibers of one OS thread.
unsafe impl<T> Send for Packet<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Packet<T> {}

/// Owns the permission to join a thread.
pub struct JoinHandle<T> {
    thread: Thread,
    packet: Arc<Packet<T>>,
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end. A thread that panics fails the whole check, so this is always `Ok`.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        join(&self.thread, &self.packet, Location::caller())
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

fn join<T>(thread: &Thread, packet: &Packet<T>, at: At) -> std::thread::Result<T> {
    if let Some(current) = ops::active() {
        ops::join(current, thread.id.0, at);
    }
    // SAFETY: the thread has ended, so nothing else touches its packet.
    unsafe { (*packet.0.get()).take() }
        .or_else(unit)
        .ok_or_else(|| Box::new(super::fiber::Teardown) as _)
}

/// The value of type `()`: a destructor that joins while everything unwinds gets it from a thread that never ended.
fn unit<T>() -> Option<T> {
    let is_unit = std::any::type_name::<T>() == std::any::type_name::<()>() && size_of::<T>() == 0;
    // SAFETY: `T` is `()`, of which this is the value.
    is_unit.then(|| unsafe { std::mem::zeroed() })
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

    /// Makes the thread's token available: its `park` returns. Synchronizes with it.
    #[track_caller]
    pub fn unpark(&self) {
        self.unpark_at(Location::caller());
    }

    pub(super) fn unpark_at(&self, at: At) {
        let Some(current) = ops::active_in_drop() else { return };
        let access = super::sync::word(self.token, self, Op::Unpark, Order::Release, at);
        ops::update(
            current,
            &access,
            |_, _, _, variant| (variant == 0).then_some(Outcome::Write(1)),
            0,
            0,
        );
    }
}

/// Blocks until the thread's token is available, and takes it. May also wake unasked, as `std` documents.
#[track_caller]
pub fn park() {
    park_at(Location::caller());
}

pub(super) fn park_at(at: At) {
    let Some(active) = ops::active() else { return };
    let token = current().token;
    let access = super::sync::word(token, &active, Op::Park, Order::Acquire, at);
    ops::update(active, &access, park_step, 0, 0);
}

fn park_step(token: u64, _: u64, _: u64, variant: u8) -> Option<Outcome> {
    match (token, variant) {
        (1, 0) => Some(Outcome::Write(0)),
        (_, 0) => Some(Outcome::Block),
        (0, 1) => Some(Outcome::Keep),
        _ => None,
    }
}

/// The calling thread.
pub fn current() -> Thread {
    let current = Current::get().expect("rc11 types work only inside a check");
    let exec = current.exec();
    exec.threads[exec.running].local.clone().expect("a running thread has a handle")
}

/// Lets other threads run; in a loop that waits, the same as [`hint::spin_loop`](super::hint::spin_loop).
#[track_caller]
pub fn yield_now() {
    let at = Location::caller();
    if let Some(current) = ops::active() {
        super::shadow::hint(current, at);
    }
}

/// Spawns a thread.
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    // SAFETY: `f` and its result own what they hold.
    unsafe { spawn_unchecked(f, None, Location::caller()) }
}

/// Spawns without the `'static` bound.
///
/// # Safety
/// What `f` borrows outlives the thread: it is joined, or torn down, first.
unsafe fn spawn_unchecked<'a, F, T>(f: F, name: Option<String>, at: At) -> JoinHandle<T>
where
    F: FnOnce() -> T + 'a,
    T: 'a,
{
    let packet = Arc::new(Packet(UnsafeCell::new(None)));
    let Some(current) = ops::active() else {
        let thread = Thread { id: ThreadId(0), token: Loc { id: NONE, epoch: 0 }, name };
        return JoinHandle { thread, packet };
    };
    let token = ops::create(0, Op::New, at);
    let exec = current.exec();
    let running = exec.running;
    let nth = exec.threads[running].spawns;
    exec.threads[running].spawns += 1;
    let child = exec.names.child(running as u16, nth);
    let label = || Label {
        child: child.into(),
        ..Label::new(Kind::Create, Op::Create, Order::NonAtomic, at)
    };
    let thread = Thread { id: ThreadId(child), token, name };
    if let Some(create) = ops::event(current, label) {
        let out = packet.clone();
        let body = move || {
            let value = f();
            // SAFETY: the packet is read only after this thread has ended.
            unsafe { *out.0.get() = Some(value) };
        };
        let job: Box<dyn FnOnce() + 'a> = Box::new(move || life(body, at));
        // SAFETY: the caller answers for the borrows.
        let job = unsafe { std::mem::transmute::<Box<dyn FnOnce() + 'a>, Job>(job) };
        current.exec().launch(child as usize, create, job, Some(thread.clone()));
    }
    JoinHandle { thread, packet }
}

/// A thread from its first event to its last.
pub(super) fn life(body: impl FnOnce(), at: At) {
    let Some(current) = ops::active() else { return };
    let exec = current.exec();
    let create = exec.threads[exec.running].create;
    if create == NONE {
        let token = ops::create(0, Op::New, at);
        exec.threads[exec.running].local =
            Some(Thread { id: ThreadId(0), token, name: Some("main".to_string()) });
    } else {
        ops::event(current, || Label {
            from: create,
            ..Label::new(Kind::Begin, Op::Begin, Order::NonAtomic, at)
        });
    }
    body();
    if let Some(current) = ops::active() {
        ops::event(current, || Label::new(Kind::End, Op::End, Order::NonAtomic, at));
    }
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
        Ok(unsafe { spawn_unchecked(f, self.name, Location::caller()) })
    }
}

type Open = std::cell::RefCell<Vec<Thread>>;

/// Threads that may borrow from outside the scope: all are joined when it ends.
pub struct Scope<'scope, 'env: 'scope> {
    open: Open,
    scope: PhantomData<Cell<&'scope ()>>,
    env: PhantomData<Cell<&'env ()>>,
}

// SAFETY: all threads of an execution are fibers of one OS thread.
unsafe impl Sync for Scope<'_, '_> {}

/// Owns the permission to join a scoped thread.
#[derive(Debug)]
pub struct ScopedJoinHandle<'scope, T> {
    inner: JoinHandle<T>,
    open: &'scope Open,
}

// SAFETY: all threads of an execution are fibers of one OS thread.
unsafe impl<T> Send for ScopedJoinHandle<'_, T> {}
// SAFETY: as above.
unsafe impl<T> Sync for ScopedJoinHandle<'_, T> {}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the thread's end; always `Ok`.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        self.open.borrow_mut().retain(|t| t.id != self.inner.thread.id);
        join(&self.inner.thread, &self.inner.packet, Location::caller())
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        &self.inner.thread
    }
}

impl<'scope, 'env> Scope<'scope, 'env> {
    /// Spawns a thread within the scope.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        // SAFETY: `scope` joins every thread before it returns, and a teardown unwinds children before their parents.
        let inner = unsafe { spawn_unchecked(f, None, Location::caller()) };
        self.open.borrow_mut().push(inner.thread.clone());
        ScopedJoinHandle { inner, open: &self.open }
    }
}

/// Runs `f` with a scope, and joins the threads spawned in it.
#[track_caller]
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let at = Location::caller();
    let scope = Scope { open: Default::default(), scope: PhantomData, env: PhantomData };
    let result =
        catch_unwind(AssertUnwindSafe(|| f(&scope))).unwrap_or_else(|payload| outlive(payload));
    let open = scope.open.take();
    for thread in open {
        if let Some(current) = ops::active() {
            ops::join(current, thread.id.0, at);
        }
    }
    result
}

/// A panic within a scope unwinds on only after the scope's threads are gone: they may borrow from this stack.
fn outlive(payload: Box<dyn std::any::Any + Send>) -> ! {
    if let Some(current) = Current::get() {
        current.hold_panic(&*payload);
    }
    resume_unwind(payload)
}
