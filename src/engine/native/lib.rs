//! Real threads as an engine of Casebook, and its facade: the real `std`, `crossbeam` and `parking_lot`, by the same names.

mod check;
#[path = "../models/future.rs"]
pub mod future;
#[path = "../models/linear.rs"]
pub mod linear;
mod raw;
mod statics;
pub mod thread;

use casebook_core::verdict::EngineId;

pub use crossbeam;
pub use statics::Static;
pub use std::thread_local;

pub mod futex {
    //! The system's own: by `atomic-wait` a futex on Linux and FreeBSD, and what stands for one elsewhere.
    pub use atomic_wait::{wait, wake_all, wake_one};

    /// An `AtomicU32` to wait at.
    pub type Futex = std::sync::atomic::AtomicU32;
}
pub use parking_lot;

/// The engine these names belong to.
pub const ENGINE: EngineId = EngineId::Native;

pub mod sync {
    //! `std::sync`, and a semaphore, which `std` has not.
    pub use super::semaphore::{Semaphore, SemaphorePermit};
    pub use std::sync::{
        Arc, Barrier, BarrierWaitResult, Condvar, LazyLock, LockResult, Mutex, MutexGuard, Once,
        OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
        TryLockResult, WaitTimeoutResult, Weak, atomic, mpsc,
    };
}

pub mod hint {
    //! `std::hint`. With fewer cores than threads a bare spin can outlast its time slice, so the
    //! facade's spin also yields.

    /// Ends a turn of a loop that waits for another thread's write.
    pub fn spin_loop() {
        std::hint::spin_loop();
        std::thread::yield_now();
    }
}

pub mod boxed {
    //! `std::boxed`.

    /// `std::boxed::Box` with the facade's `into_inner`.
    pub struct Box<T>(std::boxed::Box<T>);

    impl<T> Box<T> {
        /// Allocates memory that holds `value`.
        pub fn new(value: T) -> Self {
            Box(std::boxed::Box::new(value))
        }

        /// Gives up ownership.
        pub fn into_raw(this: Self) -> *mut T {
            std::boxed::Box::into_raw(this.0)
        }

        /// Takes ownership back.
        ///
        /// # Safety
        /// `pointer` comes from [`Box::into_raw`] and is taken back once.
        pub unsafe fn from_raw(pointer: *mut T) -> Self {
            // SAFETY: the caller's promise is the same.
            Box(unsafe { std::boxed::Box::from_raw(pointer) })
        }

        /// Moves the value out and frees the memory.
        pub fn into_inner(this: Self) -> T {
            *this.0
        }
    }

    impl<T> std::ops::Deref for Box<T> {
        type Target = T;

        fn deref(&self) -> &T {
            &self.0
        }
    }

    impl<T> std::ops::DerefMut for Box<T> {
        fn deref_mut(&mut self) -> &mut T {
            &mut self.0
        }
    }
}

pub mod cell {
    //! Plain shared data through closures, as the exploring engines need it.

    /// `std::cell::UnsafeCell` with loom's `with` and `with_mut`, and `Sync`.
    pub struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

    // SAFETY: a case that is known to race is not run on real threads; of the others the exploring
    // engines check that their accesses are kept apart.
    unsafe impl<T: Send> Sync for UnsafeCell<T> {}

    impl<T> UnsafeCell<T> {
        /// A cell that holds `data`.
        pub fn new(data: T) -> Self {
            UnsafeCell(std::cell::UnsafeCell::new(data))
        }

        /// The data, at the end.
        pub fn into_inner(self) -> T {
            self.0.into_inner()
        }

        /// A plain read.
        pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
            f(self.0.get())
        }

        /// A plain write.
        pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            f(self.0.get())
        }
    }
}

mod semaphore {
    //! A counting semaphore over `std`'s mutex and condition variable.

    use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

    /// A number of permits.
    pub struct Semaphore {
        permits: Mutex<usize>,
        more: Condvar,
    }

    /// A permit; dropping it gives it back.
    pub struct SemaphorePermit<'a>(&'a Semaphore);

    impl Semaphore {
        /// A semaphore with `permits` permits.
        pub fn new(permits: usize) -> Self {
            Semaphore { permits: Mutex::new(permits), more: Condvar::new() }
        }

        fn permits(&self) -> MutexGuard<'_, usize> {
            self.permits.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// Waits for a permit.
        pub fn acquire(&self) -> SemaphorePermit<'_> {
            let permits = self.permits();
            let mut permits = self
                .more
                .wait_while(permits, |permits| *permits == 0)
                .unwrap_or_else(PoisonError::into_inner);
            *permits -= 1;
            SemaphorePermit(self)
        }

        /// Takes a permit if there is one.
        pub fn try_acquire(&self) -> Option<SemaphorePermit<'_>> {
            let mut permits = self.permits();
            *permits = permits.checked_sub(1)?;
            Some(SemaphorePermit(self))
        }

        /// Adds permits.
        pub fn add_permits(&self, more: usize) {
            *self.permits() += more;
            self.more.notify_all();
        }

        /// How many permits there are now.
        pub fn available_permits(&self) -> usize {
            *self.permits()
        }
    }

    impl SemaphorePermit<'_> {
        /// Never gives the permit back.
        pub fn forget(self) {
            std::mem::forget(self);
        }
    }

    impl Drop for SemaphorePermit<'_> {
        fn drop(&mut self) {
            self.0.add_permits(1);
        }
    }
}
