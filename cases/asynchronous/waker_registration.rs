//! A future must look again after it has registered its waker, or it can miss the only wake-up.
//!
//! Shape: a future waits for a flag. It looks, registers its waker, and must look once more: the
//! setter may have raised the flag and found no waker in between. The setter must raise the flag
//! before it wakes, or the future looks too early and nobody wakes it again. The waker's lock
//! orders flag and waker on both sides, so that the flag itself may be Relaxed.
//!
//! Source: Rust std, `Future::poll`; futures crate docs, `AtomicWaker` (register, then check).
//! Does not show: a waker slot without a lock, which `atomic_waker` does.

use core::future::poll_fn;
use core::task::{Poll, Waker};

use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::thread;

cases! {
    /// Either the setter finds the waker, or the second look finds the flag.
    looks_again: holds() => wait(true, |event| {
        event.ready.store(true, Relaxed); // Relaxed: the waker's lock orders it
        event.wake();
    });
    /// The flag is raised between the look and the registration.
    looks_once: fails(Deadlock) => wait(false, |event| {
        event.ready.store(true, SeqCst); // SeqCst: to show that ordering does not help
        event.wake();
    });
    /// The future is woken, looks, and finds nothing yet.
    woken_first: fails(LostWakeup) => wait(true, |event| {
        event.wake();
        event.ready.store(true, SeqCst); // SeqCst: to show that ordering does not help
    });
}

struct Event {
    ready: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Event {
    fn wake(&self) {
        let waker = self.waker.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

fn wait(look_again: bool, set: fn(&Event)) {
    let event = Event { ready: AtomicBool::new(false), waker: Mutex::new(None) };
    thread::scope(|s| {
        s.spawn(|| {
            block_on(poll_fn(|context| {
                let ready = || event.ready.load(Relaxed); // Relaxed: the waker's lock orders it
                if ready() {
                    return Poll::Ready(());
                }
                *event.waker.lock().unwrap() = Some(context.waker().clone());
                if look_again && ready() { Poll::Ready(()) } else { Poll::Pending }
            }));
        });
        s.spawn(|| set(&event));
    });
}
