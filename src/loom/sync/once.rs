//! Values that are made once, by whoever needs them first.
//!
//! `std` promises that the making happens before whatever finds the value, and nothing else. Those who come meanwhile pass a lock here, one
//! behind the other. That hides no race: each could have come later and found the value without the lock, behind its maker alone. Only a maker
//! that panics comes before the next one by the lock alone, as `std`'s own does.

use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};

use rc11::sync::atomic::AtomicBool;
use rc11::sync::atomic::Ordering::{Acquire, Release};

use super::Mutex;

/// `std::sync::OnceLock`.
pub struct OnceLock<T> {
    ready: AtomicBool,
    /// Whoever makes the value holds it.
    making: Mutex<()>,
    value: UnsafeCell<Option<T>>,
}

// SAFETY: the value is written under the lock, once, and handed out by reference from then on.
unsafe impl<T: Send> Send for OnceLock<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for OnceLock<T> {}

impl<T: UnwindSafe> UnwindSafe for OnceLock<T> {}
impl<T: RefUnwindSafe + UnwindSafe> RefUnwindSafe for OnceLock<T> {}

impl<T> OnceLock<T> {
    /// A place without a value.
    #[track_caller]
    pub fn new() -> Self {
        let (ready, making) = (AtomicBool::new(false), Mutex::new(()));
        OnceLock { ready, making, value: UnsafeCell::new(None) }
    }

    /// The value, if it has been made.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        // Acquire: pairs with the store of whoever makes the value.
        if self.ready.load(Acquire) { self.made() } else { None }
    }

    /// The value, by exclusive access.
    #[track_caller]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.ready.get_mut();
        self.value.get_mut().as_mut()
    }

    /// Puts a value there.
    ///
    /// # Errors
    /// The value, if one is there.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("a value is made once"));
        value.map_or(Ok(()), Err)
    }

    /// The value, which `f` makes if nobody has; whoever comes meanwhile waits.
    #[track_caller]
    pub fn get_or_init<F>(&self, f: F) -> &T
    where
        F: FnOnce() -> T,
    {
        if let Some(value) = self.get() {
            return value;
        }
        let making = self.making.lock();
        if self.made().is_none() {
            let value = f();
            // SAFETY: nobody else holds the lock, nor has a reference to what is not there.
            unsafe { *self.value.get() = Some(value) };
            self.ready.store(true, Release); // pairs with the load in `get`
        }
        drop(making);
        self.made().expect("it is made")
    }

    /// The value, by giving the place up.
    #[track_caller]
    pub fn into_inner(self) -> Option<T> {
        self.ready.into_inner();
        self.value.into_inner()
    }

    /// Takes the value, and leaves the place without one.
    #[track_caller]
    pub fn take(&mut self) -> Option<T> {
        std::mem::take(self).into_inner()
    }

    /// What is there, for who holds the lock or comes after the making.
    fn made(&self) -> Option<&T> {
        // SAFETY: it is written under the lock, where there is nothing, and not any more once it is there.
        unsafe { &*self.value.get() }.as_ref()
    }
}

impl<T> Default for OnceLock<T> {
    #[track_caller]
    fn default() -> Self {
        OnceLock::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        let place = OnceLock::new();
        _ = place.set(value);
        place
    }
}

impl<T> fmt::Debug for OnceLock<T> {
    /// Names the type only: looking for the value would be an operation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("OnceLock { .. }")
    }
}

/// `std::sync::LazyLock`; in a static it stands in a [`Static`](crate::Static), or is a [`lazy_static!`](crate::lazy_static!).
pub struct LazyLock<T, F = fn() -> T> {
    once: OnceLock<T>,
    init: Cell<Option<F>>,
}

// SAFETY: the function is taken under the lock.
unsafe impl<T: Send + Sync, F: Send> Sync for LazyLock<T, F> {}

impl<T: UnwindSafe, F: UnwindSafe> UnwindSafe for LazyLock<T, F> {}
impl<T: RefUnwindSafe + UnwindSafe, F: UnwindSafe> RefUnwindSafe for LazyLock<T, F> {}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// A value that `init` makes when it is needed first.
    #[track_caller]
    pub fn new(init: F) -> Self {
        LazyLock { once: OnceLock::new(), init: Cell::new(Some(init)) }
    }

    /// The value, which is made if nobody has needed it yet.
    ///
    /// # Panics
    /// If making it has panicked.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        let make = || match this.init.take() {
            Some(init) => init(),
            None => panic!("LazyLock instance has previously been poisoned"),
        };
        this.once.get_or_init(make)
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        LazyLock::force(self)
    }
}

impl<T: Default> Default for LazyLock<T> {
    #[track_caller]
    fn default() -> Self {
        LazyLock::new(T::default)
    }
}

impl<T, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("LazyLock { .. }")
    }
}
