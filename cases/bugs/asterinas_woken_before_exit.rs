//! Who wakes waiters and then makes true what they wait for has woken them for nothing.
//!
//! Shape: a thread of a kernel exits. Its creator waits for the thread's word in memory to become zero:
//! it looks at it and falls asleep in one step, under the kernel's lock. The exit woke the waiters and
//! then cleared the word. A creator that looks in between finds it set, sleeps, and is not woken again.
//! The lock makes look and sleep one step; it does nothing for the two steps of the other side.
//!
//! Source: asterinas pull request 1469, 2024 (joining a thread; its tests hung now and then).
//! Does not show: how the kernel finds the waiters of a word.

use super::rt::sync::atomic::{AtomicUsize, Ordering::*};
use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

cases! {
    /// As published.
    wake_then_clear: fails(LostWakeup) => join(|clear, wake| { wake(); clear() });
    /// As fixed.
    clear_then_wake: holds() => join(|clear, wake| { clear(); wake() });
}

fn join(exit: fn(&dyn Fn(), &dyn Fn())) {
    let (id, kernel, asleep) = (AtomicUsize::new(1), Mutex::new(()), Condvar::new());
    thread::scope(|s| {
        s.spawn(|| {
            let clear = || id.store(0, Relaxed); // Relaxed: the wake-up takes the kernel's lock
            let wake = || {
                let _kernel = kernel.lock().unwrap();
                asleep.notify_all();
            };
            exit(&clear, &wake);
        });
        s.spawn(|| {
            // Relaxed: looked at under the kernel's lock
            let is_alive = |(): &mut ()| id.load(Relaxed) != 0;
            drop(asleep.wait_while(kernel.lock().unwrap(), is_alive).unwrap());
        });
    });
}
