//! To act for a thread that seems to sleep, arm its poll before the look at its state; and each side needs a fence between its two.
//!
//! Shape: a thread in foreign code touches nothing of the heap. Who wants something done by it arms its
//! poll and looks at its state; if it is still out there, it is done for it. The thread that comes back
//! says so, and then looks at its poll; if that is armed, it waits. Store buffering: neither may see the
//! other's store, and then the thread runs while it is worked upon. The fences stood in the code for
//! safepoints, and not in that for handshakes.
//!
//! Source: JDK-8325937, jdk pull request 21295, 2024 (HotSpot, on AArch64).
//! Does not show: what the thread does at an armed poll; here it gives up.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published.
    no_fences: fails(DataRace).weak() => come_back_beside_handshake(|| {}, || {});
    /// The thread alone has one.
    fence_of_the_thread: fails(DataRace).weak() => come_back_beside_handshake(|| fence(SeqCst), || {});
    /// As fixed.
    fences: holds() => come_back_beside_handshake(|| fence(SeqCst), || fence(SeqCst));
}

fn come_back_beside_handshake(thread_fence: fn(), other_fence: fn()) {
    let (is_back, is_armed) = (AtomicBool::new(false), AtomicBool::new(false));
    let stack = UnsafeCell::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            is_back.store(true, Relaxed); // Relaxed: the fence puts it before the look
            thread_fence(); // SeqCst: pairs with the other fence
            // Relaxed: it is not armed, so nothing was done that could be acquired
            if !is_armed.load(Relaxed) {
                // SAFETY: who changes it meanwhile has not seen this thread back. With both fences one of the
                // two looks comes after the other's store; with less, both may have missed it.
                stack.with_mut(|stack| unsafe { *stack += 1 });
            }
        });
        s.spawn(|| {
            is_armed.store(true, Relaxed); // Relaxed: the fence puts it before the look
            other_fence(); // SeqCst: pairs with the thread's fence
            // Relaxed: it is not back, so there is nothing to acquire
            if !is_back.load(Relaxed) {
                // SAFETY: a thread that comes back now sees its poll armed, if both fences are SeqCst.
                stack.with_mut(|stack| unsafe { *stack += 1 });
            }
        });
    });
}
