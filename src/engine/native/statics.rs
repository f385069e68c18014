//! Statics of a case, which is run again and again in one process: each run has values of its own.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering::*};
use std::sync::{Mutex, PoisonError};

use casebook_engine::fresh;

/// A static with a fresh value in every run; what it was in earlier ones is never given back, as threads may be left of them. A thread
/// that is left finds the value of the run that goes on: so a case joins whose thread-locals use a static.
pub struct Static<T> {
    make: fn() -> T,
    /// The run that the value is of.
    run: AtomicU64,
    value: AtomicPtr<T>,
    making: Mutex<()>,
    /// It may be shared where the value may.
    shares: PhantomData<T>,
}

impl<T> Static<T> {
    /// A static with the value that `make` makes.
    pub const fn new(make: fn() -> T) -> Self {
        let value = AtomicPtr::new(std::ptr::null_mut());
        let (run, making) = (AtomicU64::new(u64::MAX), Mutex::new(()));
        Static { make, run, value, making, shares: PhantomData }
    }
}

impl<T> Deref for Static<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let run = fresh::execution();
        // Acquire: pairs with the store behind the value
        if self.run.load(Acquire) != run {
            let making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
            // Relaxed: the lock orders it
            if self.run.load(Relaxed) != run {
                self.value.store(Box::into_raw(Box::new((self.make)())), Relaxed); // Relaxed: as below
                self.run.store(run, Release); // Release: pairs with the load
            }
            drop(making);
        }
        // SAFETY: a value of this run is there, and no value is ever freed. Relaxed: it comes with the run
        unsafe { &*self.value.load(Relaxed) }
    }
}
