//! A failed compare-exchange is a load with its failure ordering, whatever the success ordering.
//!
//! Shape: MP, where the reader learns that the flag is up because its compare-exchange from 0
//! fails. Then nothing was exchanged, and the success ordering has no part in it: a strong success
//! ordering does not make up for a Relaxed failure ordering. A retry loop may take Relaxed on
//! failure, as long as what it reads there is only used for the next attempt.
//!
//! Source: ISO C++20 [atomics.types.operations] p23; std docs,
//! `AtomicBool::compare_exchange`.
//! Does not show: a checker's own mistake; some give the failed operation its success ordering.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Failing with Acquire is an Acquire load.
    acquire_on_failure: holds() => claim_or_read(Relaxed, Acquire);
    /// Failing with Relaxed orders nothing, although success would have been SeqCst.
    relaxed_on_failure: fails(DataRace) => claim_or_read(SeqCst, Relaxed);
    /// SeqCst on failure contains Acquire, and more than is needed.
    seq_cst_on_failure: holds()
        .slack("claim_or_read: slot.compare_exchange", "Relaxed", "success reads nothing")
        .slack(
            "claim_or_read: slot.compare_exchange (failure)",
            "Acquire",
            "to show that SeqCst contains Acquire",
        )
        => claim_or_read(SeqCst, SeqCst);
    /// A retry that fails with Relaxed and then succeeds with Acquire has acquired.
    retry_relaxed: holds() => take(Acquire, Relaxed);
    /// Succeeding with Relaxed it has not, whatever the failed attempt did.
    retry_acquire_success_relaxed: fails(DataRace) => take(Relaxed, Acquire);
}

/// The reader claims the slot, or finds it filled and reads the value.
fn claim_or_read(success: Ordering, failure: Ordering) {
    let (value, slot) = (UnsafeCell::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the reader reads only where it has found the slot to be 1, which it is below.
            value.with_mut(|v| unsafe { *v = 42 });
            slot.store(1, Release); // Release: pairs with the reader's failed exchange
        });
        s.spawn(|| {
            // Acquire on failure: pairs with the writer's store; on success nothing is read
            if slot.compare_exchange(0, 2, success, failure) == Err(1) {
                // SAFETY: the failed exchange read the writer's 1; with Acquire on failure the
                // write before it happens before this read, and with Relaxed it does not.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}

/// The reader tries twice to exchange the writer's 1, and reads the value if it could.
fn take(success: Ordering, failure: Ordering) {
    let (value, slot) = (UnsafeCell::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the reader reads only where it has found the slot to be 1, which it is below.
            value.with_mut(|v| unsafe { *v = 42 });
            slot.store(1, Release); // Release: pairs with the reader's successful exchange
        });
        s.spawn(|| {
            // Acquire on success: pairs with the writer's store; a failure reads the initial 0
            let attempt = || slot.compare_exchange(1, 2, success, failure);
            if attempt().or_else(|_| attempt()).is_ok() {
                // SAFETY: the exchange that succeeded read the writer's 1; with Acquire on success
                // the write before that happens before this read, whatever an attempt before it
                // did.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}
