//! An exchange is no fence: a load behind it may still come before its store is seen by others.
//!
//! Shape: a lock with waiters that sleep. To unlock is to exchange the flag and to look whether anybody
//! waits; to wait is to enter the list, to pass a SeqCst fence, and to look at the flag again. The
//! exchange was SeqCst, and seemed to be a fence on its side. It orders the SeqCst accesses; the look
//! behind it was Relaxed, so both could miss the other, and the waiter slept beside a free lock. An
//! Acquire look, as was asked for, keeps later accesses behind it and not itself behind the exchange.
//!
//! Source: oneTBB pull request 2136, 2026 (`notify_by_address`, on AArch64).
//! Does not show: several waiters; x86-64, where an exchange is a fence as well.

use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published.
    exchange_only: fails(Deadlock).weak() => unlock_beside_wait(Relaxed, || {});
    /// With an Acquire look in its place.
    acquire_look: fails(Deadlock).weak() => unlock_beside_wait(Acquire, || {});
    /// As fixed.
    fenced: holds()
        .slack("unlock_beside_wait: flag.swap #2", "Relaxed", "as published; nothing is locked here")
        .slack("unlock_beside_wait: flag.swap #1", "Relaxed", "as published; nothing is locked here")
        => unlock_beside_wait(Relaxed, || fence(SeqCst));
}

fn unlock_beside_wait(look: Ordering, unlock_fence: fn()) {
    let (flag, waiting) = (AtomicBool::new(true), AtomicUsize::new(0));
    thread::scope(|s| {
        let waiter = s.spawn(|| {
            // SeqCst: as published; the lock is taken by it
            while flag.swap(true, SeqCst) {
                waiting.store(1, Relaxed); // Relaxed: the fence puts it before the look
                fence(SeqCst); // SeqCst: pairs with the fence of the unlock
                // Relaxed: the fence puts it behind the entry
                if flag.load(Relaxed) {
                    thread::park();
                }
                waiting.store(0, Relaxed); // Relaxed: who still sees the entry wakes in vain
            }
        });
        let waiter = waiter.thread().clone();
        let (flag, waiting) = (&flag, &waiting);
        s.spawn(move || {
            flag.swap(false, SeqCst); // SeqCst: as published, and no fence
            unlock_fence(); // SeqCst: pairs with the waiter's fence
            // Relaxed: the fence puts it behind the exchange. Acquire: pairs with nothing
            if waiting.load(look) != 0 {
                waiter.unpark();
            }
        });
    });
}
