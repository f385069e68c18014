//! A waiter that registers again may be somebody else's by now.
//!
//! Shape: a future is polled on one thread, which puts its waker into the queue of waiters. It is
//! polled again on another thread, with another waker. That it was queued already was taken as a
//! reason to leave the queue alone; but the wake-up then goes to the thread that has moved on. The
//! waker of the last poll is the one that counts.
//!
//! Source: thingbuf pull request 20; Rust std, `Future::poll` (the rule).
//! Does not show: a queue of many; this one has one place.

use super::rt::sync::Mutex;
use super::rt::thread::{self, Thread};

cases! {
    /// As published: who is queued stays queued as it was.
    kept: fails(Deadlock) => poll_on_two_threads(|waker, new| _ = waker.get_or_insert(new));
    /// As fixed: the waker is replaced.
    replaced: holds() => poll_on_two_threads(|waker, new| *waker = Some(new));
}

fn poll_on_two_threads(register: fn(&mut Option<Thread>, Thread)) {
    let (waker, message) = (Mutex::new(None), Mutex::new(None));
    let poll = || {
        let message = message.lock().unwrap();
        if message.is_none() {
            register(&mut waker.lock().unwrap(), thread::current());
        }
        *message
    };
    thread::scope(|s| {
        s.spawn(|| {
            // The first poll; this thread then leaves the future to another one.
            assert_eq!(poll(), None);
            s.spawn(|| {
                while poll().is_none() {
                    thread::park();
                }
            });
            *message.lock().unwrap() = Some(7);
            if let Some(waker) = waker.lock().unwrap().take() {
                waker.unpark();
            }
        });
    });
}
