//! A reference count that is not part of the case: for the harness's own bookkeeping.

use std::ops::Deref;
use std::rc::Rc;

/// `Rc` for what coroutines of one operating-system thread share.
pub(crate) struct Shared<T>(Rc<T>);

// SAFETY: the threads of an execution are coroutines that never leave the operating-system thread
// of their check, so the count is never reached from two of them.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Shared(Rc::new(value))
    }

    /// Whether both share one value.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
