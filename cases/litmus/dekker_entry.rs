//! Raising a flag and then checking the other's keeps two threads apart only with SeqCst.
//!
//! Shape: the entry of Dekker's algorithm, without the waiting: SB with a critical section. Each
//! thread raises its flag, and enters if the other's is down. If both can read "down", both enter,
//! and their accesses to the plain data race. A fence between the two steps, SeqCst and in both
//! threads, or SeqCst at all four accesses, lets at most one in.
//!
//! Source: Dijkstra, EWD 123, 1965, section 2 (Dekker's algorithm); ISO C++20 [atomics.order] p4.
//! Minimal (seq_cst_accesses): `enter: mine.store` SeqCst, `enter: other.load` SeqCst (Bos, Rust
//! Atomics and Locks, 2023, chapter 3).
//! Minimal (seq_cst_fences): `seq_cst_fences: fence #1` SeqCst, `seq_cst_fences: fence #2` SeqCst
//! (ISO C++20 [atomics.order] p4).
//! Does not show: a whole lock; nobody waits, leaves or hands over, and both may stay out.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// SeqCst fences on both sides keep Relaxed accesses in order.
    seq_cst_fences: holds() => enter(Relaxed, || fence(SeqCst), || fence(SeqCst), Relaxed);
    /// SeqCst accesses do it without a fence.
    seq_cst_accesses: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => enter(SeqCst, || {}, || {}, SeqCst);
    /// AcqRel fences let both in.
    acq_rel_fences: fails(DataRace)
        .weak()
        => enter(Relaxed, || fence(AcqRel), || fence(AcqRel), Relaxed);
    /// The thread without a fence looks first and raises its flag later.
    one_fence: fails(DataRace)
        .weak()
        => enter(Relaxed, || fence(SeqCst), || {}, Relaxed);
    /// Release and Acquire are what a lock needs to hand over, not to shut out.
    release_acquire: fails(DataRace)
        .weak()
        => enter(Release, || {}, || {}, Acquire);
}

fn enter(raise: Ordering, left_fence: fn(), right_fence: fn(), look: Ordering) {
    let data = UnsafeCell::new(0);
    let flags = [AtomicBool::new(false), AtomicBool::new(false)];
    let step = |mine: &AtomicBool, fence: fn(), other: &AtomicBool| {
        mine.store(true, raise); // SeqCst, or the fence: before the look in the single order
        fence(); // SeqCst: ordered with the other thread's fence
        // SeqCst, or the fence: one of the two threads sees the other's flag
        if !other.load(look) {
            // SAFETY: of two that raise and then look in one order, the later sees the earlier's
            // flag and stays out; without SeqCst on both sides both may look too early.
            data.with_mut(|d| unsafe { *d += 1 });
        }
    };
    thread::scope(|s| {
        s.spawn(|| step(&flags[0], left_fence, &flags[1]));
        s.spawn(|| step(&flags[1], right_fence, &flags[0]));
    });
}
