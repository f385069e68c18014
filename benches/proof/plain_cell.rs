//! A cell with loom's interface, for an engine that has none: plain memory, which branches nothing.

/// `std`'s cell, accessed as loom's is.
pub struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

// SAFETY: the engine runs all threads of an execution one at a time.
unsafe impl<T: Send> Sync for UnsafeCell<T> {}

impl<T> UnsafeCell<T> {
    /// A cell that holds `value`.
    pub fn new(value: T) -> Self {
        UnsafeCell(std::cell::UnsafeCell::new(value))
    }

    /// A read.
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        f(self.0.get())
    }

    /// A write.
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }
}
