//! Futures in a model.

use std::fmt;
use std::task::Waker;

pub use rc11::future::block_on;

use crate::sync::Mutex;

/// A place for the waker of whoever waits, as loom has it: behind a lock.
#[derive(Default)]
pub struct AtomicWaker(Mutex<Option<Waker>>);

impl AtomicWaker {
    /// An empty place.
    #[track_caller]
    pub fn new() -> AtomicWaker {
        AtomicWaker(Mutex::new(None))
    }

    /// Puts a waker there.
    #[track_caller]
    pub fn register(&self, waker: Waker) {
        let before = self.place().replace(waker);
        drop(before);
    }

    /// Puts a copy of a waker there.
    #[track_caller]
    pub fn register_by_ref(&self, waker: &Waker) {
        self.register(waker.clone());
    }

    /// Takes the waker and wakes it.
    #[track_caller]
    pub fn wake(&self) {
        if let Some(waker) = self.take_waker() {
            waker.wake();
        }
    }

    /// Takes the waker.
    #[track_caller]
    pub fn take_waker(&self) -> Option<Waker> {
        self.place().take()
    }

    #[track_caller]
    fn place(&self) -> crate::sync::MutexGuard<'_, Option<Waker>> {
        self.0.lock().expect("nothing here is poisoned")
    }
}

impl fmt::Debug for AtomicWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("AtomicWaker { .. }")
    }
}
