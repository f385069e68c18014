//! A load that misses a store does not order it: to conclude "it comes later" takes SeqCst.
//!
//! Shape: RWC. One thread stores x. A second sees x and not y. A third stores y and then misses x.
//! If the second thread's miss put y's store after x's, the third could not miss x. Release and
//! Acquire draw no conclusion from a load that reads the old value; SeqCst accesses, all five, or
//! SeqCst fences in the last two threads do. By the letter of C++20 the first store need not be
//! SeqCst (LWG issue 3941). `seq_cst_around_weaker` mixes accesses and fences.
//!
//! Source: Boehm and Adve, PLDI 2008 (RWC); Lahav et al., PLDI 2017 (RWC+syncs, and RC11); LWG
//! issue 3941, Boehm, 2023.
//! Does not show: WRC, where every load sees the store; there Release and Acquire suffice.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// All in one order.
    seq_cst: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => conclude(SeqCst, [SeqCst; 2], [SeqCst; 2], || {}, || {});
    /// Under RC11 the first store must be in it too: SeqCst loads do not make it so.
    first_store_release: fails(Assertion).beyond_letter()
        .weak()
        => conclude(Release, [SeqCst; 2], [SeqCst; 2], || {}, || {});
    /// So must the load that sees it.
    first_load_acquire: fails(Assertion)
        .weak()
        => conclude(SeqCst, [Acquire, SeqCst], [SeqCst; 2], || {}, || {});
    /// Two fences do without any ordering of the accesses; the first thread needs none.
    fences: holds()
        => conclude(Relaxed, [Relaxed; 2], [Relaxed; 2], || fence(SeqCst), || fence(SeqCst));
    /// Acquire would do to see the store, but not to conclude from missing one.
    acq_rel_fence: fails(Assertion)
        .weak()
        => conclude(Relaxed, [Relaxed; 2], [Relaxed; 2], || fence(AcqRel), || fence(SeqCst));
}

/// Orderings of the store of x, of the second thread's loads, of the third thread's store and load.
fn conclude(
    x_store: Ordering,
    loads: [Ordering; 2],
    last: [Ordering; 2],
    middle_fence: fn(),
    last_fence: fn(),
) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| x.store(1, x_store)); // SeqCst: before the load that sees it
        let middle = s.spawn(|| {
            let sees_x = x.load(loads[0]); // SeqCst: before this thread's next load
            middle_fence(); // SeqCst: ordered with the third thread's fence
            (sees_x, y.load(loads[1])) // SeqCst: reading 0, before the store of y
        });
        let last = s.spawn(|| {
            y.store(1, last[0]); // SeqCst: before this thread's load
            last_fence(); // SeqCst: ordered with the second thread's fence
            x.load(last[1]) // SeqCst: reading 0, before the store of x
        });
        (middle.join().unwrap(), last.join().unwrap())
    });
    assert!(seen != ((1, 0), 0), "the store of x comes both before and after that of y");
}
