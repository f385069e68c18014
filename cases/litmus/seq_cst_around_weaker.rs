//! Under RC11 a SeqCst fence concludes more from reading a weaker store than SeqCst loads do.
//!
//! Shape: RWC. One thread stores x, most weakly. A second sees x and not y; a third stores y and
//! then misses x. The second and the third have SeqCst accesses or a SeqCst fence each. If x is not
//! SeqCst, RC11 lets the second thread conclude nothing from SeqCst loads. From a fence behind its
//! load of x it may: against a fence always, against accesses if x is Release. By the letter of
//! C++20 it may conclude in all of these, so the two models differ wherever RC11 lets a case fail.
//!
//! Source: Lahav et al., PLDI 2017 (RC11); ISO C++20 [atomics.order] p3 and p4; LWG issue 3941,
//! Boehm, 2023.
//! Does not show: SeqCst accesses alone, nor fences alone; see `read_write_causality`.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// A SeqCst store, SeqCst loads, and a fence: all are in the order.
    seq_cst_loads_fence: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => conclude(SeqCst, SeqCst, || {}, Relaxed, || fence(SeqCst));
    /// A Release store is not, so the loads say nothing of it to the fence.
    release_loads_fence: fails(Assertion).beyond_letter()
        .weak()
        => conclude(Release, SeqCst, || {}, Relaxed, || fence(SeqCst));
    /// Nor is a Relaxed one.
    relaxed_loads_fence: fails(Assertion).beyond_letter()
        .weak()
        => conclude(Relaxed, SeqCst, || {}, Relaxed, || fence(SeqCst));
    /// Nor do loads say it to other loads.
    relaxed_loads_accesses: fails(Assertion).beyond_letter()
        .weak()
        => conclude(Relaxed, SeqCst, || {}, SeqCst, || {});
    /// A fence behind the load acquires from a Release store, and so comes after who misses it.
    release_fence_accesses: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => conclude(Release, Relaxed, || fence(SeqCst), SeqCst, || {});
    /// From a Relaxed store it acquires nothing.
    relaxed_fence_accesses: fails(Assertion).beyond_letter()
        .weak()
        => conclude(Relaxed, Relaxed, || fence(SeqCst), SeqCst, || {});
}

/// The ordering of the store of x; of the second thread's loads, and its fence; of the third's
/// accesses, and its fence.
fn conclude(
    x_store: Ordering,
    loads: Ordering,
    middle_fence: fn(),
    accesses: Ordering,
    last_fence: fn(),
) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| x.store(1, x_store)); // Release: pairs with the fence behind the load
        let middle = s.spawn(|| {
            let sees_x = x.load(loads); // SeqCst: before this thread's next load
            middle_fence(); // SeqCst: ordered with the third thread's accesses
            (sees_x, y.load(loads)) // SeqCst: reading 0, before the third thread's fence
        });
        let last = s.spawn(|| {
            y.store(1, accesses); // SeqCst: before this thread's load
            last_fence(); // SeqCst: ordered with the second thread's loads
            x.load(accesses) // SeqCst: reading 0, before the store of x
        });
        (middle.join().unwrap(), last.join().unwrap())
    });
    assert!(seen != ((1, 0), 0), "the store of x comes both before and after that of y");
}
