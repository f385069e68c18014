//! One operation of a SeqCst protocol that is not SeqCst undoes the whole protocol.
//!
//! Shape: store buffering. A thread sets a latch and then looks whether anybody sleeps who waits
//! for it. The waiting thread marks itself as sleepy and then looks at the latch. With all four
//! operations SeqCst one of the two sees the other. The swap that sets the latch was AcqRel: its
//! write is then not in the single order, and the look behind it may come too early.
//!
//! Source: rayon commit 6b1367fe (rayon-core, CoreLatch::set).
//! Does not show: a failure on x86, where every swap is a full barrier.

use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: three operations are SeqCst, the swap is not.
    acq_rel_swap: fails(Assertion)
        .weak()
        => set_and_sleep(AcqRel);
    /// As fixed.
    seq_cst_swap: holds().alarms(Loom, SeqCstAsAcqRel) => set_and_sleep(SeqCst);
}

fn set_and_sleep(set: Ordering) {
    let (latch, sleepy) = (AtomicBool::new(false), AtomicBool::new(false));
    let (wakes, sleeps) = thread::scope(|s| {
        let setter = s.spawn(|| {
            latch.swap(true, set); // SeqCst: before the load below in the single order
            sleepy.load(SeqCst) // SeqCst: pairs with the sleeper's store
        });
        let sleeper = s.spawn(|| {
            sleepy.store(true, SeqCst); // SeqCst: before the load below in the single order
            !latch.load(SeqCst) // SeqCst: pairs with the setter's swap
        });
        (setter.join().unwrap(), sleeper.join().unwrap())
    });
    assert!(wakes || !sleeps, "one sleeps, and the other wakes nobody");
}
