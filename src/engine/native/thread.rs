//! `std::thread`, and two threads that start at one moment.
//!
//! A closure is boxed on its way to `std`, so that what `std` does to start a thread is compiled once
//! for a type of result, and not again for each closure of the corpus.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

pub use std::thread::{
    JoinHandle, ScopedJoinHandle, Thread, ThreadId, current, park, park_timeout, sleep, yield_now,
};

/// `std::thread::spawn`.
pub fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let body: Box<dyn FnOnce() -> T + Send> = Box::new(body);
    thread::spawn(body)
}

/// `std::thread::Scope`.
#[repr(transparent)]
pub struct Scope<'scope, 'env: 'scope>(thread::Scope<'scope, 'env>);

/// `std::thread::scope`.
pub fn scope<'env, T>(body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T) -> T {
    let mut value = None;
    scope_boxed(Box::new(|scope: &Scope<'_, 'env>| value = Some(body(scope))));
    value.expect("a scope that goes on has run its body")
}

type Body<'a, 'env> = Box<dyn for<'scope> FnOnce(&'scope Scope<'scope, 'env>) + 'a>;

fn scope_boxed<'env>(body: Body<'_, 'env>) {
    // SAFETY: a `Scope` is laid out as the one of `std` that it holds.
    thread::scope(|scope| body(unsafe { &*std::ptr::from_ref(scope).cast() }));
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread that ends before the scope does.
    pub fn spawn<T: Send + 'scope>(
        &'scope self,
        body: impl FnOnce() -> T + Send + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        let body: Box<dyn FnOnce() -> T + Send + 'scope> = Box::new(body);
        self.0.spawn(body)
    }

    /// Starts `n` threads that run this, and end before the scope does.
    pub fn spawn_alike<T>(&'scope self, n: usize, body: &'scope (impl Fn() -> T + Sync)) {
        (0..n).for_each(|_| drop(self.spawn(|| drop(body()))));
    }
}

/// The engine's own `unpark`.
pub fn engine_unpark(thread: &Thread) {
    thread.unpark();
}

/// How often a thread looks whether the other one has come before it lets others run.
const PATIENCE: u32 = 10_000;

/// Runs both, each on a thread of its own, and gives what they return. A thread takes longer to
/// start than most bodies to run, so both wait for each other first.
pub fn both<A: Send, B: Send>(
    left: impl FnOnce() -> A + Send,
    right: impl FnOnce() -> B + Send,
) -> (A, B) {
    let come = AtomicUsize::new(0);
    let meet = || {
        // Relaxed: it is to order nothing, or the bodies would be other programs.
        come.fetch_add(1, Relaxed);
        let mut turns = 0;
        while come.load(Relaxed) < 2 {
            turns += 1;
            if turns < PATIENCE { std::hint::spin_loop() } else { yield_now() }
        }
    };
    scope(|s| {
        let left = s.spawn(|| (meet(), left()).1);
        let right = s.spawn(|| (meet(), right()).1);
        let left = left.join().unwrap_or_else(|panic| resume_unwind(panic));
        (left, right.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
