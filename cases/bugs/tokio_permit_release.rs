//! Every way of giving a permit back must wake who waits for the last one.
//!
//! Shape: a receiver that has closed its channel waits until every permit is back. A permit's drop
//! gives it back and wakes the receiver. A second way of giving it back, by a method, was written
//! without the waking: the receiver sleeps on, although it is alone.
//!
//! Source: tokio pull request 8075 (mpsc, OwnedPermit::release); the same for permits of a
//! cancelled reservation: tokio pull request 8260.
//! Does not show: messages; the permit is given back unused.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: given back, and nobody is told.
    release_only: fails(Deadlock) => give_back(false);
    /// As fixed.
    release_and_wake: holds() => give_back(true);
}

fn give_back(wake: bool) {
    let permits_out = AtomicU32::new(1);
    let permits_out = &permits_out;
    thread::scope(|s| {
        let receiver = s.spawn(move || {
            // Relaxed: the unpark publishes it, and the permit comes back unused
            while permits_out.load(Relaxed) > 0 {
                thread::park();
            }
        });
        let waiting = receiver.thread().clone();
        s.spawn(move || {
            permits_out.fetch_sub(1, Relaxed); // Relaxed: published by the unpark
            if wake {
                waiting.unpark();
            }
        });
    });
}
