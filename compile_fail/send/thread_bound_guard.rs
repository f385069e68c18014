//! A guard that restores a thread-local when dropped must not be `Send`, or it restores the wrong thread's.
//!
//! Error: E0277
//! Source: tokio PR 5766 (`EnterGuard`, before 1.29.0).

use std::cell::Cell;

thread_local!(static RUNTIME: Cell<u32> = const { Cell::new(0) });

struct EnterGuard {
    previous: u32,
    /// Takes no room, and is not `Send`: what `PhantomData<*const ()>` says in a real crate.
    not_send: [*const (); 0],
}

impl Drop for EnterGuard {
    fn drop(&mut self) {
        RUNTIME.set(self.previous);
    }
}

fn main() {
    let guard = EnterGuard {
        previous: RUNTIME.replace(1),
        not_send: [],
    };
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}
