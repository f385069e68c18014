//! Whoever waits for an initialisation must be woken when it fails, too.
//!
//! Shape: one thread initialises a cell, another finds it running and parks. The waiters were
//! unparked where the initialiser returned, and not where it panicked: the cell is free again, and
//! those who wait for it sleep on. The waking belongs to the end of the attempt, however it ends.
//!
//! Source: once_cell commit 5386606.
//! Does not show: the panic itself; the attempt just fails.

use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: a failed attempt wakes nobody.
    wake_on_success_only: fails(Deadlock) => fail_while_waited_for(false);
    /// As fixed: the end of the attempt wakes.
    wake_in_any_case: holds() => fail_while_waited_for(true);
}

fn fail_while_waited_for(wake: bool) {
    let running = AtomicBool::new(true);
    let running = &running;
    thread::scope(|s| {
        let waiter = s.spawn(move || {
            // Relaxed: the unpark publishes it, and a failed attempt leaves nothing to acquire
            while running.load(Relaxed) {
                thread::park();
            }
        });
        let waiting = waiter.thread().clone();
        s.spawn(move || {
            running.store(false, Relaxed); // it fails. Relaxed: published by the unpark
            if wake {
                waiting.unpark();
            }
        });
    });
}
