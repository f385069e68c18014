//! Who skips a wake-up because nobody seems to sleep needs a fence between the change and the look, and so does the sleeper.
//!
//! Shape: a signal counts up a futex word and wakes, unless the number of waiters is 0. A waiter counts
//! itself and sleeps at the word. Each writes one place and reads the other: store buffering. Both can
//! read what was before, for an addition is no fence, and by its documentation neither is a futex call.
//! On Linux the waiter's side has a full barrier in the kernel; the signal's side makes no call.
//!
//! Source: brpc pull request 3539, 2026 (`ParkingLot`, with `parking_lot_no_signal_when_no_waiter`);
//! Linux, `kernel/futex/waitwake.c` (the kernel's own count of waiters, with both barriers).
//! Does not show: what is done for a signal; several waiters.

use super::rt::futex::{self, Futex};
use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published: the waiter sleeps, and the signal sees no waiter.
    no_fences: fails(Deadlock).weak() => signal_beside_wait([None, None]);
    /// As fixed: one of the fences comes first, and what is before it is seen behind the other.
    two_fences: holds() => signal_beside_wait([Some(SeqCst), Some(SeqCst)]);
    /// One of them is not enough.
    fence_of_signal: fails(Deadlock).weak() => signal_beside_wait([Some(SeqCst), None]);
    /// Fences that release and acquire say nothing of a write before and a read behind.
    acq_rel_fences: fails(Deadlock).weak() => signal_beside_wait([Some(AcqRel), Some(AcqRel)]);
}

fn signal_beside_wait([signal, wait]: [Option<Ordering>; 2]) {
    let (signals, waiters) = (Futex::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // Relaxed: a signal carries nothing; what orders is the fence.
            signals.fetch_add(1, Relaxed);
            if let Some(order) = signal {
                fence(order); // SeqCst: with the waiter's fence; AcqRel does not order the look behind the change
            }
            // Relaxed: the fence is in front of it.
            if waiters.load(Relaxed) > 0 {
                futex::wake_one(&signals);
            }
        });
        s.spawn(|| {
            // Relaxed: as above.
            waiters.fetch_add(1, Relaxed);
            if let Some(order) = wait {
                fence(order); // SeqCst: with the signal's fence
            }
            // Relaxed: nothing comes with a signal; the fence is in front of it, and of the kernel's look.
            while signals.load(Relaxed) == 0 {
                futex::wait(&signals, 0);
            }
            // Relaxed: only a number.
            waiters.fetch_sub(1, Relaxed);
        });
    });
}
