//! A task that spins without awaiting starves the task it waits for, if they share a thread.
//!
//! Shape: one task waits for a flag that another task raises. Tasks change only at an await: a loop
//! without one keeps the thread for ever. A loop that yields lets the other task run; so does a
//! second thread, where spinning is merely wasteful.
//!
//! Source: tokio's docs, `task` ("Cooperative scheduling").
//! Does not show: budgets by which a library's own futures yield; a plain loop has none.

use super::executor::{run_both, yield_now};
use super::rt::future::block_on;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::{hint, thread};

cases! {
    /// The flag's task is never polled.
    never_yields: fails(Livelock).misses(Loom, NoLivelockDetection) => {
        let flag = AtomicBool::new(false);
        thread::scope(|s| {
            s.spawn(|| run_both(spin(&flag), raise(&flag)));
        });
    };
    /// Each turn is an await.
    yields: holds() => {
        let flag = AtomicBool::new(false);
        run_both(spin_and_yield(&flag), raise(&flag));
    };
    /// The flag's task has a thread of its own.
    two_threads: holds() => {
        let flag = AtomicBool::new(false);
        thread::scope(|s| {
            s.spawn(|| block_on(spin(&flag)));
            s.spawn(|| block_on(raise(&flag)));
        });
    };
}

async fn spin(flag: &AtomicBool) {
    // Relaxed: only the flag matters
    while !flag.load(Relaxed) {
        hint::spin_loop();
    }
}

async fn spin_and_yield(flag: &AtomicBool) {
    // Relaxed: only the flag matters
    while !flag.load(Relaxed) {
        yield_now().await;
    }
}

async fn raise(flag: &AtomicBool) {
    flag.store(true, Relaxed); // Relaxed: only the flag matters
}
