//! Hole: every field is `Send`, so the guard is, although dropping it elsewhere is wrong; that is the bug.

use std::cell::Cell;

thread_local!(static RUNTIME: Cell<u32> = const { Cell::new(0) });

struct EnterGuard {
    previous: u32,
}

impl Drop for EnterGuard {
    fn drop(&mut self) {
        RUNTIME.set(self.previous);
    }
}

fn main() {
    let guard = EnterGuard {
        previous: RUNTIME.replace(1),
    };
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}
