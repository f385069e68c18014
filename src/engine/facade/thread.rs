//! Threads of the engine, with scopes, the story of joins and parks, and spin loops as turns.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;

use super::{
    At, raw, record, require_running, stopped, timed_wait_begins, wait_begins, wait_ends, woken,
};
use casebook_engine::probe::{self, Value, Wait};

/// What a thread returns, on its way to whoever joins it. The threads of an execution are
/// coroutines of one operating-system thread, so no lock is needed.
struct Packet<T>(Rc<Cell<Option<T>>>);

// SAFETY: the coroutines that share it never leave their operating-system thread, and a handle that
// outlives its execution has no engine to join it with.
unsafe impl<T> Send for Packet<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Packet<T> {}

impl<T> Packet<T> {
    fn new() -> (Self, impl FnOnce(T)) {
        let result: Rc<Cell<Option<T>>> = Rc::default();
        (Packet(result.clone()), move |value| result.set(Some(value)))
    }

    fn take(self) -> T {
        self.0.take().expect("a thread that has ended has a result")
    }
}

/// Whose business it is how a thread fails.
#[derive(Clone, Copy, PartialEq)]
enum Belongs {
    /// The engine ends the execution.
    ToTheEngine,
    /// The scope ends it, once its other threads have ended too.
    ToAScope,
}

/// Starts a thread. Every closure of a case comes here, so that what follows is compiled once.
///
/// # Safety
/// What `body` borrows outlives the thread, or is never used again by whoever does not let it end.
#[track_caller]
unsafe fn start<'a>(
    belongs: Belongs,
    spawn: impl FnOnce(Box<dyn FnOnce()>) -> raw::JoinHandle,
    body: Box<dyn FnOnce() + 'a>,
) -> raw::JoinHandle {
    require_running();
    record("spawn", 0);
    probe::thread_begins();
    let body: Box<dyn FnOnce() + 'a> = Box::new(move || {
        match catch_unwind(AssertUnwindSafe(body)) {
            Err(panic) if belongs == Belongs::ToTheEngine || !raw::stopped() => {
                resume_unwind(panic)
            }
            _ => {}
        }
        super::statics::drop_locals();
        probe::thread_ends();
    });
    // SAFETY: the caller's promise.
    let body = unsafe { std::mem::transmute::<Box<dyn FnOnce() + 'a>, Box<dyn FnOnce()>>(body) };
    spawn(body)
}

/// Waits for the thread's end, for who asks for that at a place of the program.
#[track_caller]
fn await_end(thread: raw::JoinHandle, at: At) {
    let me = raw::thread_index();
    probe::wait(me, Wait::Join, 0, false, at);
    thread.join();
    wait_ends();
    require_running();
    if probe::tracing() {
        probe::record(me, at.into(), "join", 0, [None; 2], [Value::None; 2]);
    }
}

/// An owned permission to join a thread.
pub struct JoinHandle<T> {
    thread: raw::JoinHandle,
    handle: Thread,
    result: Packet<T>,
}

/// Starts a thread.
#[track_caller]
pub fn spawn<T, F>(body: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let (result, end) = Packet::new();
    // SAFETY: it borrows nothing.
    let thread = unsafe { start(Belongs::ToTheEngine, raw::spawn, Box::new(move || end(body()))) };
    let handle = Thread(thread.thread());
    JoinHandle { thread, handle, result }
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end; all it did happens before what follows.
    ///
    /// # Errors
    /// Never: a panic of a thread ends the execution.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        await_end(self.thread, Location::caller());
        Ok(self.result.take())
    }

    /// The thread's handle.
    pub fn thread(&self) -> &Thread {
        &self.handle
    }
}

/// A scope whose threads may borrow from outside it.
pub struct Scope<'scope, 'env: 'scope> {
    threads: RefCell<Vec<Option<raw::JoinHandle>>>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

// SAFETY: the coroutines that share it never leave their operating-system thread.
unsafe impl Sync for Scope<'_, '_> {}

/// An owned permission to join a scoped thread.
pub struct ScopedJoinHandle<'scope, T> {
    threads: &'scope RefCell<Vec<Option<raw::JoinHandle>>>,
    index: usize,
    handle: Thread,
    result: Packet<T>,
}

// SAFETY: as for `Scope`.
unsafe impl<T: Send> Send for ScopedJoinHandle<'_, T> {}

/// Runs `body` with a scope, and joins the scope's threads at its end.
#[track_caller]
pub fn scope<'env, T, F>(body: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let scope = Scope { threads: RefCell::default(), scope: PhantomData, env: PhantomData };
    let mut value = None;
    scope.run(Box::new(|| value = Some(body(&scope))));
    value.expect("a scope that goes on has run its body")
}

impl Scope<'_, '_> {
    /// Runs the body, and joins the threads.
    #[track_caller]
    fn run(&self, body: Box<dyn FnOnce() + '_>) {
        // A closure does not know who calls the function around it.
        let at = Location::caller();
        let body = catch_unwind(AssertUnwindSafe(body));
        // The scope leaves no frame that a thread of it may borrow before that thread has ended: what fails
        // is told after.
        let joined =
            catch_unwind(AssertUnwindSafe(|| self.join_all(|thread| await_end(thread, at))));
        if joined.is_err() {
            self.join_all(raw::JoinHandle::join);
        }
        if let Err(panic) = body.and(joined) {
            resume_unwind(panic);
        }
    }

    fn join_all(&self, join: impl Fn(raw::JoinHandle)) {
        let mut next = 0;
        // A scoped thread may start further ones while it is joined.
        while next < self.threads.borrow().len() {
            let thread = self.threads.borrow_mut()[next].take();
            next += 1;
            if let Some(thread) = thread {
                join(thread);
            }
        }
    }
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread of the scope: its index and its handle.
    #[track_caller]
    fn start(
        &self,
        spawn: impl FnOnce(Box<dyn FnOnce()>) -> raw::JoinHandle,
        body: Box<dyn FnOnce() + 'scope>,
    ) -> (usize, Thread) {
        // SAFETY: the scope joins the thread before `'scope` ends, also when it unwinds. Where a thread never ends,
        // nor does the scope: rc11 abandons both. loom and shuttle unwind them in an order of their own;
        // operations are inert then, and a case must have no destructor that reads plain memory it borrows.
        let thread = unsafe { start(Belongs::ToAScope, spawn, body) };
        let handle = Thread(thread.thread());
        let mut threads = self.threads.borrow_mut();
        threads.push(Some(thread));
        (threads.len() - 1, handle)
    }

    /// Starts a thread that ends before the scope does.
    #[track_caller]
    pub fn spawn<T, F>(&'scope self, body: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let (result, end) = Packet::new();
        let (index, handle) = self.start(raw::spawn, Box::new(move || end(body())));
        ScopedJoinHandle { threads: &self.threads, index, handle, result }
    }

    /// Starts `n` threads that are alike, which end before the scope does: each runs `body`, and none can tell which of them it is. If they begin with a
    /// read-modify-write or the lock of a mutex, rc11 explores them in one order and counts the others.
    #[track_caller]
    pub fn spawn_alike<T>(&'scope self, n: usize, body: &'scope (impl Fn() -> T + Sync)) {
        let mut before: Option<Thread> = None;
        for _ in 0..n {
            let behind = before.as_ref().map(|before| &before.0);
            let spawn = |body| raw::spawn_alike(behind, body);
            before = Some(self.start(spawn, Box::new(|| drop(body()))).1);
        }
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the thread's end; all it did happens before what follows.
    ///
    /// # Errors
    /// Never: a panic of a thread ends the execution.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        let thread = self.threads.borrow_mut()[self.index].take();
        await_end(thread.expect("a scoped thread is joined once"), Location::caller());
        Ok(self.result.take())
    }

    /// The thread's handle.
    pub fn thread(&self) -> &Thread {
        &self.handle
    }
}

/// Runs both, each on a thread of its own, and gives what they return. Real threads start at one
/// moment, so that what is rare is seen.
#[track_caller]
pub fn both<A: Send, B: Send>(
    left: impl FnOnce() -> A + Send,
    right: impl FnOnce() -> B + Send,
) -> (A, B) {
    scope(|s| {
        let (left, right) = (s.spawn(left), s.spawn(right));
        let ended = "a thread that has ended has a result";
        (left.join().expect(ended), right.join().expect(ended))
    })
}

/// A handle to a thread.
#[derive(Clone)]
pub struct Thread(raw::Thread);

// SAFETY: the engines' handles are plain identifiers.
unsafe impl Send for Thread {}
// SAFETY: as above.
unsafe impl Sync for Thread {}

/// The identity of a thread within an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThreadId(usize);

impl Thread {
    /// Makes the thread's token available.
    #[track_caller]
    pub fn unpark(&self) {
        if !stopped() {
            record("unpark", 0);
            woken(self.0.index());
            self.0.unpark();
        }
    }

    /// The thread's identity.
    pub fn id(&self) -> ThreadId {
        ThreadId(self.0.index())
    }
}

/// The engine's own `unpark`. It differs from [`Thread::unpark`] under loom, where the facade has tokens that do as `std` does.
#[track_caller]
pub fn engine_unpark(thread: &Thread) {
    if !stopped() {
        record("unpark", 0);
        thread.0.engine_unpark();
    }
}

/// The current thread.
pub fn current() -> Thread {
    Thread(raw::current())
}

/// Waits for the current thread's token and takes it.
#[track_caller]
pub fn park() {
    require_running();
    record("park", 0);
    wait_begins(Wait::Park, raw::thread_index());
    raw::park();
    wait_ends();
    record("unparked", 0);
}

/// As [`park`], and may return at any moment without the token: once in an execution for each thread. No time passes, so
/// `_time` is not looked at. A return does not say which it was.
#[track_caller]
pub fn park_timeout(_time: std::time::Duration) {
    require_running();
    record("park_timeout", 0);
    timed_wait_begins(Wait::Park, raw::thread_index());
    raw::park_timeout();
    wait_ends();
    record("goes on", 0);
}

/// Ends a turn of a loop that waits for another thread's write. A loop that gives up by itself
/// after some turns must call [`yield_now`] instead.
#[inline(always)]
#[track_caller]
pub fn spin_loop() {
    raw::arrive();
    spin();
    raw::settle();
}

#[track_caller]
fn spin() {
    require_running();
    wait_begins(Wait::Spin, 0);
    raw::spin();
    wait_ends();
}

/// Lets other threads go first.
pub fn yield_now() {
    require_running();
    raw::switch();
}

/// Lets other threads go first, and promises nothing: a sleep orders nothing.
pub fn sleep(_duration: std::time::Duration) {
    require_running();
    raw::sleep();
}
