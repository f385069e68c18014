//! Plain shared data, accessed through closures so that a race can be seen.

use std::panic::Location;

use super::{address, raw, record, require_running};

/// `std::cell::UnsafeCell` with loom's `with` and `with_mut`: a read and a write of plain data.
///
/// It is `Sync`, as `std::cell::SyncUnsafeCell` is, so that a case shares it without a wrapper of
/// its own: whether the accesses are kept apart is what the engines check.
pub struct UnsafeCell<T>(raw::UnsafeCell<T>);

// SAFETY: every access is reported to the engine, which stops the execution at a race; the threads
// of an execution are coroutines of one operating-system thread, so even a race is no real one.
unsafe impl<T: Send> Sync for UnsafeCell<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for UnsafeCell<T> {}

impl<T> UnsafeCell<T> {
    /// A cell that holds `data`: a plain write of the current thread.
    #[track_caller]
    pub fn new(data: T) -> Self {
        UnsafeCell(raw::UnsafeCell::new(data))
    }

    /// The data, at the end.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }

    /// A plain read.
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        enter("read", address(self));
        self.0.with(f)
    }

    /// A plain write.
    #[track_caller]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        enter("write", address(self));
        self.0.with_mut(f)
    }
}

/// Begins an access to the cell at `address`.
#[track_caller]
fn enter(operation: &'static str, address: usize) {
    require_running();
    raw::check_access(address, Location::caller());
    record(operation, address);
}
