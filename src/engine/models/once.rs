//! `std::sync::{Once, OnceLock, LazyLock}`: one initialisation, which everybody sees, and which orders nothing else.

use std::cell::{Cell, UnsafeCell};
use std::ops::Deref;

use super::monitor::Monitor;
use super::{raw, record};
use casebook_engine::probe::Wait;

#[derive(Clone, Copy)]
enum Progress {
    New,
    Running,
    /// Since this moment.
    Done(raw::Moment),
}

/// Runs a function once.
pub struct Once(Monitor<Progress>);

impl Once {
    /// Nothing has run.
    #[expect(clippy::new_without_default, reason = "`std` has none either")]
    #[track_caller]
    pub fn new() -> Self {
        Once(Monitor::unordered(Progress::New))
    }

    /// Runs `f`, unless it has run; waits if it is running.
    #[track_caller]
    pub fn call_once(&self, f: impl FnOnce()) {
        let done = self.0.wait_for(Wait::Initialisation, |progress| match *progress {
            Progress::New => {
                *progress = Progress::Running;
                Some(None)
            }
            Progress::Running => None,
            Progress::Done(done) => Some(Some(done)),
        });
        let Some(done) = done else {
            record("initialise", 0);
            f();
            let now = raw::Moment::now();
            return self.0.with(|progress| *progress = Progress::Done(now));
        };
        done.observe();
    }

    /// Whether it has run.
    pub fn is_completed(&self) -> bool {
        let done = self.0.with(|progress| match *progress {
            Progress::Done(done) => Some(done),
            _ => None,
        });
        done.map(raw::Moment::observe).is_some()
    }
}

/// A value that is written once.
pub struct OnceLock<T> {
    once: Once,
    value: UnsafeCell<Option<T>>,
}

// SAFETY: the value is written by the thread that runs `once` and read only after it is done.
unsafe impl<T: Send> Send for OnceLock<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for OnceLock<T> {}

impl<T> OnceLock<T> {
    /// An empty one.
    #[expect(clippy::new_without_default, reason = "`std` has it, cases do not need it")]
    #[track_caller]
    pub fn new() -> Self {
        OnceLock { once: Once::new(), value: UnsafeCell::new(None) }
    }

    /// The value, if it is there.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        if !self.once.is_completed() {
            return None;
        }
        // SAFETY: it is complete, so nobody writes it any more.
        unsafe { (*self.value.get()).as_ref() }
    }

    /// Writes the value.
    ///
    /// # Errors
    /// The value, if there is one already.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("an initialiser runs once"));
        value.map_or(Ok(()), Err)
    }

    /// The value; the first caller makes it.
    #[track_caller]
    pub fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        self.once.call_once(|| {
            let value = make();
            // SAFETY: only the thread that runs `once` is here, and nobody reads before it is done.
            unsafe { *self.value.get() = Some(value) };
        });
        // SAFETY: it is complete, so nobody writes it any more.
        unsafe { (*self.value.get()).as_ref() }.expect("an initialised value is there")
    }

    /// The value, at the end.
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }
}

/// A value that is made at its first use.
pub struct LazyLock<T, F = fn() -> T> {
    value: OnceLock<T>,
    make: Cell<Option<F>>,
}

// SAFETY: `make` is taken by the one thread that makes the value.
unsafe impl<T: Send + Sync, F: Send> Sync for LazyLock<T, F> {}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// A value that `make` will make.
    #[track_caller]
    pub fn new(make: F) -> Self {
        LazyLock { value: OnceLock::new(), make: Cell::new(Some(make)) }
    }

    /// The value; the first caller makes it, and others wait for that.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        this.value.get_or_init(|| this.make.take().expect("an initialiser runs once")())
    }
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        LazyLock::force(self)
    }
}
