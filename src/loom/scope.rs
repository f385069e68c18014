//! Threads that borrow.

use std::fmt;

use rc11::thread::ScopedJoinHandle;

use crate::world;

/// Threads that may borrow from outside the scope: all are joined when it ends.
#[repr(transparent)]
pub struct Scope<'scope, 'env: 'scope>(rc11::thread::Scope<'scope, 'env>);

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread within the scope.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.0.spawn(|| {
            let value = f();
            world::drop_locals();
            value
        })
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Scope { .. }")
    }
}

/// Runs `f` with a scope, and joins the threads started in it, also if it panics.
#[track_caller]
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    rc11::thread::scope(|scope| {
        // SAFETY: a `Scope` is one of the engine's, by another name.
        f(unsafe { &*std::ptr::from_ref(scope).cast() })
    })
}
