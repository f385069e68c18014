//! An executor that parks must poll again after every return, for a return promises nothing.
//!
//! Shape: a future is ready when another thread has raised a flag and unparked the executor's
//! thread. A park token may be left over from something else, so a return from park is a hint to
//! look, not a result. An executor that takes the first return for the wake-up asks too early; one
//! that parks before its first poll may have nobody who knows that it waits.
//!
//! Source: Rust std, `thread::park` (may return at any time); Rust std, `Future::poll`.
//! Does not show: a waker; the flag's setter knows the thread.

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// Polled until ready, parked in between.
    polled_again: holds() => run(true, |ready| {
        while !ready() {
            thread::park();
        }
        true
    });
    /// A token left over ends the only park.
    polled_once_more: fails(Assertion) => run(true, |ready| {
        if ready() {
            return true;
        }
        thread::park();
        ready()
    });
    /// With no look before it, the park waits for somebody who does not come any more.
    parked_first: fails(Deadlock) => run(false, |ready| {
        thread::park();
        ready()
    });
}

fn run(unparks: bool, block_on: fn(&dyn Fn() -> bool) -> bool) {
    let ready = AtomicBool::new(false);
    thread::scope(|s| {
        let executor = s.spawn(|| {
            if unparks {
                thread::current().unpark(); // a token that something else left over
            }
            // Relaxed: the unpark publishes the flag, and nothing else comes with it
            assert!(block_on(&|| ready.load(Relaxed)), "taken for ready too early");
        });
        let thread = executor.thread().clone();
        let ready = &ready;
        s.spawn(move || {
            ready.store(true, Relaxed); // Relaxed: published by the unpark
            if unparks {
                thread.unpark();
            }
        });
    });
}
