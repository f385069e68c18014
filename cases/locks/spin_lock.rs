//! A spin lock needs Acquire where it is taken and Release where it is given back.
//!
//! Shape: a flag is taken by a read-modify-write that finds it down, and given back by a store. The
//! Acquire that takes it reads the Release store of the owner before, so everything under the lock
//! happens before. That the flag is found and raised in one step keeps two threads from both
//! finding it down.
//!
//! Source: ISO C++20 [atomics.order] p2, [atomics.flag]; RUSTSEC-2019-0013 (a Relaxed release).
//! Minimal: `exchange: held.compare_exchange` Acquire, `look_first: held.swap` Acquire, `count:
//! held.store` Release (Bos, Rust Atomics and Locks, 2023, chapter 4).
//! Does not show: fairness; one thread may take the lock again and again.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    acquire_release: holds() => count(|held| exchange(held, Acquire), Release);
    /// The new owner does not see what the last one wrote.
    relaxed_lock: fails(DataRace) => count(|held| exchange(held, Relaxed), Release);
    /// The last owner does not publish what it wrote: crystal pull request 14272.
    relaxed_unlock: fails(DataRace) => count(|held| exchange(held, Acquire), Relaxed);
    /// Waiting on Relaxed loads is fine, as long as the step that takes the lock acquires.
    test_and_test_and_set: holds().bounded(Loom, TooLarge) => count(look_first, Release);
    /// Finding the flag down and raising it in two steps lets both in, even with SeqCst.
    load_then_store: fails(DataRace) => count(two_steps, Release);
    /// An owner that returns without giving the lock back lets the other spin for ever.
    never_unlocked: fails(Livelock).misses(Loom, NoLivelockDetection) => forgotten();
}

fn exchange(held: &AtomicBool, order: Ordering) {
    // Acquire: pairs with the store that gave the lock back; Relaxed would take the flag without
    // what the last owner wrote. Relaxed: a failure is tried again.
    while held.compare_exchange(false, true, order, Relaxed).is_err() {
        hint::spin_loop();
    }
}

fn look_first(held: &AtomicBool) {
    // Acquire: pairs with the store that gave the lock back; it is this swap that takes the lock.
    while held.swap(true, Acquire) {
        // Relaxed: only a hint that the swap is worth trying again.
        while held.load(Relaxed) {
            hint::spin_loop();
        }
    }
}

fn two_steps(held: &AtomicBool) {
    // SeqCst: pairs with the store that gave the lock back; the flaw is the gap that follows.
    while held.load(SeqCst) {
        hint::spin_loop();
    }
    held.store(true, SeqCst); // casebook: allow(load-then-store) the flaw: another thread may have looked as well
}

fn count(lock: impl Fn(&AtomicBool) + Sync, unlock: Ordering) {
    let (held, total) = (AtomicBool::new(false), UnsafeCell::new(0));
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                lock(&held);
                // SAFETY: one step found the flag down and raised it, so one thread is in; in two
                // steps it is two, and with a Relaxed step the update before is not ordered.
                total.with_mut(|t| unsafe { *t += 1 });
                held.store(false, unlock); // Release: who takes the lock next sees the update
            });
        }
    });
    assert_eq!(total.into_inner(), 2, "an update is lost");
}

fn forgotten() {
    let held = AtomicBool::new(false);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| exchange(&held, Acquire)); // Acquire: never paired
        }
    });
}
