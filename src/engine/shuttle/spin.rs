//! Spin loops as waits: a spinning thread sleeps until somebody else changes something.
//!
//! In a sequentially consistent schedule a thread whose last turn of a spin loop saw the newest
//! values, and changed none, would only repeat itself. So it is not scheduled until another thread
//! has changed something; that keeps the exhaustive search finite, and a spin that nobody can end
//! is a livelock, found and not guessed.

use std::cell::RefCell;

#[derive(Default)]
struct Changes {
    total: u64,
    threads: Vec<Spinner>,
}

#[derive(Clone, Default)]
struct Spinner {
    own: u64,
    /// The others' changes at the start of the current turn.
    seen: Option<u64>,
    asleep: bool,
}

thread_local! {
    static CHANGES: RefCell<Changes> = RefCell::default();
}

fn with<R>(thread: usize, f: impl FnOnce(u64, &mut Spinner) -> R) -> R {
    CHANGES.with_borrow_mut(|changes| {
        if changes.threads.len() <= thread {
            changes.threads.resize(thread + 1, Spinner::default());
        }
        f(changes.total, &mut changes.threads[thread])
    })
}

/// Forgets the execution before.
pub fn begin() {
    CHANGES.take();
}

/// Notes that `thread` changed something another thread may spin on.
pub fn changed(thread: usize) {
    with(thread, |_, spinner| spinner.own += 1);
    CHANGES.with_borrow_mut(|changes| changes.total += 1);
}

/// `thread` has reached the end of a turn of a spin loop.
pub fn turn_ends(thread: usize) {
    with(thread, |total, spinner| {
        let others = total - spinner.own;
        spinner.asleep = spinner.seen == Some(others);
        spinner.seen = Some(others);
    });
}

/// `thread` goes on with a new turn.
pub fn turn_begins(thread: usize) {
    with(thread, |total, spinner| {
        spinner.asleep = false;
        spinner.seen = Some(total - spinner.own);
    });
}

/// Whether it would be idle to run `thread` now.
pub fn sleeps(thread: usize) -> bool {
    with(thread, |total, spinner| spinner.asleep && spinner.seen == Some(total - spinner.own))
}
