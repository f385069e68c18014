//! A timer that has fired cannot be stopped, and until it has run it needs what it was given.
//!
//! Shape: a task waits for a message, with a timer for its time-out; what the timer writes to is in
//! the task's own frame. The message comes, so the task stops the timer and returns. But the loop
//! has taken the timer out already and is about to call it: stopping did nothing, and the call
//! writes into a frame that is gone. Stopping has to say that it was too late; then the task waits
//! for the call.
//!
//! Source: zio pull request 611 (lalinsky/zio, Zig, 2026).
//! Minimal: `wait_beside_timer: frame.called.store` Release, `wait_beside_timer: called.load` Acquire (ISO C++20
//! [intro.races]: the free has to come after the call).
//! Does not show: the loop's heap of timers; this one has one.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicBool, AtomicPtr, Ordering, Ordering::*};
use super::rt::{hint, thread};

cases! {
    /// As published: whether it was stopped in time is not asked.
    freed_at_once: fails(UseAfterFree) => wait_beside_timer(None, Release);
    /// As fixed: if it was too late, the call is waited for.
    waits_for_the_call: holds() => wait_beside_timer(Some(Acquire), Release);
    /// The call has come, and nothing orders its write before the free.
    relaxed_wait: fails(UseAfterFree) => wait_beside_timer(Some(Relaxed), Release);
    /// The same, from the other side.
    relaxed_call: fails(UseAfterFree) => wait_beside_timer(Some(Acquire), Relaxed);
}

/// What the timer writes to.
struct Frame {
    called: AtomicBool,
}

fn wait_beside_timer(wait: Option<Ordering>, call: Ordering) {
    let timer = AtomicPtr::<Frame>::new(core::ptr::null_mut());
    let frame = Box::into_raw(Box::new(Frame { called: AtomicBool::new(false) }));
    timer.store(frame, Relaxed); // Relaxed: the threads start after it
    let task = AtomicPtr::new(frame);
    thread::scope(|s| {
        s.spawn(|| {
            // The loop takes the timer out, and calls it. Relaxed: what it points to was there before the threads.
            let frame = timer.swap(core::ptr::null_mut(), Relaxed);
            if !frame.is_null() {
                // SAFETY: the task keeps the frame until it has stopped the timer or seen the call; as published
                // it does not.
                let frame = unsafe { &*frame };
                frame.called.store(true, call); // Release: pairs with the task's wait, before the free
            }
        });
        s.spawn(|| {
            let frame = task.load(Relaxed); // Relaxed: nobody writes it
            // The message is there: it stops the timer. Relaxed: who gets the pointer is all that is asked.
            let stopped = !timer.swap(core::ptr::null_mut(), Relaxed).is_null();
            if let Some(wait) = wait.filter(|_| !stopped) {
                // SAFETY: the frame is this task's own, and not freed yet.
                let called = unsafe { &(*frame).called };
                // Acquire: pairs with the call.
                while !called.load(wait) {
                    hint::spin_loop();
                }
            }
            // SAFETY: made by `into_raw`, and freed once; that nobody is in it any more is what the case is about.
            drop(unsafe { Box::from_raw(frame) });
        });
    });
}
