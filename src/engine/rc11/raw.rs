//! rc11's own types, in the shape the facade builds on.

use std::panic::Location;
use std::time::Duration;

use casebook_core::verdict::EngineId;
use rc11::thread;

/// The engine these primitives belong to.
pub const ENGINE: EngineId = EngineId::Rc11;

pub use casebook_linear::Gate as Flag;
pub use rc11::boxed;
pub use rc11::cell::UnsafeCell;
pub use rc11::sync::Moment as Point;
pub use rc11::sync::{
    Condvar, FutexQueue, Moment, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic,
};
pub use rc11::thread::park;

/// Lets one thread in at a time, and has changes to wait for.
pub struct Gate(rc11::sync::Gate);

/// How many changes there were when somebody came in.
pub struct Inside(u64);

impl Gate {
    /// An open gate; an ordered one puts whoever enters behind all who were inside before.
    #[track_caller]
    pub fn new(ordered: bool) -> Self {
        Gate(rc11::sync::Gate::new(ordered))
    }

    /// Waits until nobody is inside, and enters.
    #[track_caller]
    pub fn enter(&self) -> Inside {
        Inside(self.0.enter())
    }

    /// Leaves; a change wakes those who wait.
    #[track_caller]
    pub fn leave(&self, Inside(changes): Inside, changed: bool) {
        self.0.leave(changes, changed);
    }

    /// Leaves, waits for a change, and enters.
    #[track_caller]
    pub fn wait(&self, Inside(changes): Inside) -> Inside {
        self.0.leave(changes, false);
        Inside(self.0.enter_changed(changes))
    }

    /// As [`wait`](Self::wait), or until a time-out; whether it was that.
    #[track_caller]
    pub fn wait_timeout(&self, Inside(changes): Inside) -> (Inside, bool) {
        self.0.leave(changes, false);
        match self.0.enter_changed_or_time_out(changes) {
            Some(changes) => (Inside(changes), false),
            None => (Inside(self.0.enter()), true),
        }
    }
}

/// Unlocks, waits to be notified or for a time-out, and locks; whether it was the time-out.
#[track_caller]
pub fn wait_timeout<'a>(
    condvar: &Condvar,
    guard: MutexGuard<'a, ()>,
) -> (MutexGuard<'a, ()>, bool) {
    let Ok((guard, result)) = condvar.wait_timeout(guard, Duration::ZERO) else {
        unreachable!("no engine poisons")
    };
    (guard, result.timed_out())
}

/// Waits for the current thread's token, or for a time-out.
#[track_caller]
pub fn park_timeout() {
    thread::park_timeout(Duration::ZERO);
}

/// The current thread's number.
pub fn thread_index() -> usize {
    rc11::thread_index().unwrap_or(0)
}

/// A thread may take a read lock twice.
pub const READS_TWICE: bool = true;

/// rc11 runs no code of an execution that has failed.
pub fn stopped() -> bool {
    false
}

/// rc11 finds a use after free by itself: a free is an event of its graphs.
pub fn check_access(_address: usize, _at: &'static Location<'static>) {}

/// A thread to join.
pub struct JoinHandle(thread::JoinHandle<()>);

struct AssertSend<T>(T);

// SAFETY: rc11 runs every thread of an execution as a coroutine of the operating-system thread that
// runs it, so nothing is ever sent to another one.
unsafe impl<T> Send for AssertSend<T> {}

impl<T: FnOnce()> AssertSend<T> {
    fn call(self) {
        (self.0)();
    }
}

/// Starts a thread.
#[track_caller]
pub fn spawn(body: Box<dyn FnOnce()>) -> JoinHandle {
    let body = AssertSend(body);
    JoinHandle(thread::spawn(move || body.call()))
}

/// Starts one of the threads that are alike, behind the one before it.
#[track_caller]
pub fn spawn_alike(before: Option<&Thread>, body: Box<dyn FnOnce()>) -> JoinHandle {
    let body = AssertSend(body);
    let before = before.map(|before| &before.0);
    JoinHandle(thread::spawn_alike_after(before, move || body.call()))
}

impl JoinHandle {
    /// Waits for the thread's end.
    #[track_caller]
    pub fn join(self) {
        let Ok(()) = self.0.join() else { unreachable!("a panic fails the whole check") };
    }

    /// The thread's handle.
    pub fn thread(&self) -> Thread {
        Thread(self.0.thread().clone())
    }
}

/// A thread to unpark.
#[derive(Clone)]
pub struct Thread(thread::Thread);

impl Thread {
    /// Gives the thread its token.
    #[track_caller]
    pub fn unpark(&self) {
        self.0.unpark();
    }

    /// The engine's own.
    #[track_caller]
    pub fn engine_unpark(&self) {
        self.unpark();
    }

    /// The thread's number.
    pub fn index(&self) -> usize {
        self.0.id().index()
    }
}

/// The current thread's handle.
pub fn current() -> Thread {
    Thread(thread::current())
}

pub use rc11::{arrive, choose, settle};

/// Ends a turn of a spin loop.
#[track_caller]
pub fn spin() {
    rc11::hint::spin_loop();
}

/// A sleep orders nothing, so it is nothing.
pub fn sleep() {}

/// Letting others go first changes nothing: every execution is explored.
pub fn switch() {}
