//! A condition variable over a futex counts its notifications: a flag that goes back and forth is seen as it was before.
//!
//! Shape: who waits reads the counter while it holds the lock, unlocks, sleeps while the counter is what it
//! was, and locks again. Who notifies adds one and wakes. A notification between the unlock and the sleep
//! changes the counter, so the kernel does not let the waiter sleep. With a flag the next waiter may raise
//! again what the notification has lowered, and the first one sleeps on. All of it is Relaxed: the lock
//! orders what is waited for.
//!
//! Source: Bos, Rust Atomics and Locks, 2023, chapter 9; musl commit 97c5b5a (the flag, as it was before); SBCL
//! commit 93ed777 (a token that two waiters could have, as it was before).
//! Does not show: a counter that wraps between the unlock and the sleep.

use super::rt::futex::{self, Futex};
use super::rt::sync::Mutex;
use super::rt::sync::atomic::Ordering::*;
use super::rt::thread;

cases! {
    /// Counted, and read under the lock.
    counted: holds() => relay(Flaw::None);
    /// Read after the unlock: a notification in between is taken for an old one.
    read_too_late: fails(LostWakeup) => relay(Flaw::ReadsTooLate);
    /// A wake-up alone leaves nothing behind for who does not sleep yet.
    not_counted: fails(LostWakeup) => relay(Flaw::OnlyWakes);
    /// A flag that each waiter raises: the other one raises what was lowered for the first: musl commit 97c5b5a.
    flag: fails(LostWakeup) => relay(Flaw::Flag);
}

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    ReadsTooLate,
    OnlyWakes,
    Flag,
}

/// One thread waits for a stage and makes the next one; the other makes the first and waits for the next.
fn relay(flaw: Flaw) {
    let (stage, word) = (Mutex::new(0), Futex::new(0));
    // Relaxed, all: the lock orders what is waited for, and the kernel its look with wake-ups.
    let prepare = || {
        if flaw == Flaw::Flag {
            word.store(1, Relaxed);
            return 1;
        }
        word.load(Relaxed) // Relaxed: the lock orders it, but for the flaw
    };
    let reach = |new| {
        *stage.lock().unwrap() = new;
        match flaw {
            Flaw::OnlyWakes => {}
            Flaw::Flag => word.store(0, Relaxed), // Relaxed: no ordering helps
            // Relaxed: the kernel orders its look with the wake-up behind this
            _ => drop(word.fetch_add(1, Relaxed)),
        }
        futex::wake_all(&word);
    };
    let await_stage = |mine| {
        let mut now = stage.lock().unwrap();
        while *now < mine {
            let before = (flaw != Flaw::ReadsTooLate).then(prepare);
            drop(now);
            futex::wait(&word, before.unwrap_or_else(prepare));
            now = stage.lock().unwrap();
        }
    };
    thread::scope(|s| {
        s.spawn(|| {
            await_stage(1);
            reach(2);
        });
        s.spawn(|| {
            reach(1);
            await_stage(2);
        });
    });
}
