//! Waits that somebody ends, or a time-out. shuttle's own never time out.
//!
//! Who waits stays runnable for shuttle, and is hidden from its scheduler until it has been woken. One that may time out is not hidden:
//! to run it before it was woken is the time-out. So the search for every schedule has both.

use std::cell::RefCell;

#[derive(Clone, Default)]
struct Waiter {
    /// Whether it has been woken; none where it does not wait.
    woken: Option<bool>,
    may_time_out: bool,
    /// Whether its one time-out is spent.
    has_timed_out: bool,
}

thread_local! {
    static WAITERS: RefCell<Vec<Waiter>> = const { RefCell::new(Vec::new()) };
}

fn with<R>(thread: usize, f: impl FnOnce(&mut Waiter) -> R) -> R {
    WAITERS.with_borrow_mut(|waiters| {
        if waiters.len() <= thread {
            waiters.resize(thread + 1, Waiter::default());
        }
        f(&mut waiters[thread])
    })
}

/// Forgets the execution before.
pub fn begin() {
    WAITERS.take();
}

/// Waits until somebody wakes `me`, the current thread, or for a time-out if it is `timed`; whether it was that.
pub fn wait(me: usize, timed: bool) -> bool {
    with(me, |waiter| {
        waiter.woken = Some(false);
        waiter.may_time_out = timed && !waiter.has_timed_out;
    });
    shuttle::thread::yield_now();
    with(me, |waiter| {
        let timed_out = waiter.woken.take() == Some(false);
        waiter.has_timed_out |= timed_out;
        timed_out
    })
}

/// Wakes `thread` if it waits, or lets it wait on: somebody else was faster.
pub fn set_woken(thread: usize, woken: bool) {
    with(thread, |waiter| waiter.woken = waiter.woken.map(|_| woken));
}

/// Whether `thread` cannot go on.
pub fn sleeps(thread: usize) -> bool {
    with(thread, |waiter| waiter.woken == Some(false) && !waiter.may_time_out)
}
