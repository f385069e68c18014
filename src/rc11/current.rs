//! The execution that this OS thread is in, lent to the program's operations while its threads run: one borrow at a time.
//!
//! The scheduler owns the execution. While it runs a thread it [`lend`]s the execution to whatever that thread calls, and an operation
//! takes it [`with`] a closure. A closure that is running has taken the only pointer away, so no second borrow can exist; and a
//! thread can only pause outside of such a closure.

use std::cell::Cell;
use std::ptr::null_mut;

use super::exec::{Exec, Status};
use super::fiber;

thread_local! {
    static CURRENT: Cell<*mut Exec> = const { Cell::new(null_mut()) };
}

/// Puts a pointer back.
struct Restore(*mut Exec);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

/// Lends an execution to the operations of the code that `run` runs.
pub(super) fn lend<R>(exec: &mut Exec, run: impl FnOnce() -> R) -> R {
    let _outer = Restore(CURRENT.replace(exec));
    run()
}

/// Calls `f` with the execution that this OS thread is in; `None` outside of one.
#[inline]
pub(super) fn with<R>(f: impl FnOnce(&mut Exec) -> R) -> Option<R> {
    let exec = CURRENT.replace(null_mut());
    if exec.is_null() {
        return None;
    }
    let _back = Restore(exec);
    // SAFETY: `lend` made the pointer from a borrow that it holds until it has taken the pointer back. As long as `f` runs nobody
    // else has the pointer: this thread-local is its only place, and it is empty.
    Some(f(unsafe { &mut *exec }))
}

/// Runs an operation of the program: it is tried until it is done, and the thread pauses in between.
#[inline]
pub(super) fn perform<R>(operation: impl FnMut(&mut Exec) -> Result<R, Status>) -> R {
    perform_if_inside(operation).expect("rc11 types work only inside a check")
}

/// As [`perform`], for destructors: they may run outside of a check, where they do nothing.
#[inline]
pub(super) fn perform_if_inside<R>(
    mut operation: impl FnMut(&mut Exec) -> Result<R, Status>,
) -> Option<R> {
    loop {
        let tried = with(|exec| operation(exec).map_err(|status| exec.pause(status)))?;
        match tried {
            Ok(done) => return Some(done),
            Err(()) => pause(),
        }
    }
}

/// Goes back to the scheduler until the running thread may go on.
pub(super) fn pause() {
    assert!(!CURRENT.get().is_null(), "a thread pauses while the execution is borrowed");
    fiber::pause();
}
