//! Threads of a model.

use std::any::Any;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Mutex;

pub use std::thread::panicking;

pub use rc11::thread::{ScopedJoinHandle, Thread, ThreadId, current, park, park_timeout};

pub use crate::scope::{Scope, scope};
use crate::world;

/// What is sent to a thread of an execution.
struct AssertSend<T>(T);

// SAFETY: the threads of an execution are coroutines of one operating-system thread.
unsafe impl<T> Send for AssertSend<T> {}

impl<T> AssertSend<T> {
    fn into_inner(self) -> T {
        self.0
    }
}

/// Owns the permission to join a thread.
pub struct JoinHandle<T> {
    inner: rc11::thread::JoinHandle<AssertSend<T>>,
    /// Makes the handle `Send` and `Sync` where loom's is: where what the thread leaves is `Send`.
    result: PhantomData<Mutex<T>>,
}

impl<T> std::panic::UnwindSafe for JoinHandle<T> {}
impl<T> std::panic::RefUnwindSafe for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    /// Never: a panic that a thread does not catch fails the whole model.
    #[track_caller]
    pub fn join(self) -> std::thread::Result<T> {
        let id = self.thread().id();
        let value = self.inner.join();
        world::with(|world| world.unjoined.retain(|thread| thread.id() != id));
        value.map(AssertSend::into_inner)
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        self.inner.thread()
    }
}

impl<T: fmt::Debug> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

/// Lets other threads go first: in a loop, the same as [`spin_loop`](crate::hint::spin_loop).
#[track_caller]
#[inline(always)]
pub fn yield_now() {
    rc11::thread::yield_now();
}

/// Starts a thread.
#[track_caller]
pub fn spawn<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + 'static,
    T: 'static,
{
    Builder::new().spawn(f).expect("a thread of a model can always be started")
}

/// A thread to be, with a name.
#[derive(Debug, Default)]
pub struct Builder {
    name: Option<String>,
}

impl Builder {
    /// A thread without a name.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Names the thread.
    pub fn name(mut self, name: String) -> Builder {
        self.name = Some(name);
        self
    }

    /// Every thread has the same stack.
    pub fn stack_size(self, _size: usize) -> Builder {
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// Never.
    #[track_caller]
    pub fn spawn<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + 'static,
        T: 'static,
    {
        let f = AssertSend(move || {
            let value = f();
            world::drop_locals();
            AssertSend(value)
        });
        let builder = rc11::thread::Builder::new();
        let builder = match self.name {
            Some(name) => builder.name(name),
            None => builder,
        };
        let handle = builder.spawn(move || f.into_inner()())?;
        world::with(|world| world.unjoined.push(handle.thread().clone()));
        Ok(JoinHandle { inner: handle, result: PhantomData })
    }
}

/// A value of each thread, made when it is first used; [`thread_local!`](crate::thread_local!) declares it.
pub struct LocalKey<T> {
    /// Makes the value.
    #[doc(hidden)]
    pub init: fn() -> T,
    #[doc(hidden)]
    pub _p: PhantomData<fn(T)>,
}

/// The value has been dropped: its thread is about to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessError;

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("already destroyed")
    }
}

impl std::error::Error for AccessError {}

impl<T: 'static> LocalKey<T> {
    /// Calls `f` with the running thread's value.
    ///
    /// # Panics
    /// If it has been dropped.
    pub fn with<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&T) -> R,
    {
        self.try_with(f)
            .expect("cannot access a Thread Local Storage value during or after destruction")
    }

    /// Calls `f` with the running thread's value.
    ///
    /// # Errors
    /// If it has been dropped.
    pub fn try_with<F, R>(&'static self, f: F) -> Result<R, AccessError>
    where
        F: FnOnce(&T) -> R,
    {
        let make = || Rc::new((self.init)()) as Rc<dyn Any>;
        let value = world::local(std::ptr::from_ref(self).addr(), make).ok_or(AccessError)?;
        Ok(f(value.downcast_ref().expect("a key has values of its type")))
    }
}

impl<T: 'static> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("LocalKey { .. }")
    }
}
