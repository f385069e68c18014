//! Happens-before between SeqCst operations does not always place them in the single order.
//!
//! Shape: Z6.U. The first thread stores x (SeqCst) and y (Release). The second increments y
//! (SeqCst), reading that 1, and then sees the third thread's 3. The third stores y (SeqCst) and
//! misses x. So the store of x happens before the increment, the increment comes before the 3, and
//! yet x is missed. C++11 forbade it, which the usual compilation to Power did not honour; C++20
//! allows it. With y stored by SeqCst too, the whole chain lies in the single order, and it is
//! forbidden.
//!
//! Source: Lahav et al., PLDI 2017 (Z6.U); P0668R5, 2018; ISO C++20 [atomics.order] p4.
//! Does not show: the failure on any one machine; the usual compilation to Power is what allows it.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// One Release store among SeqCst accesses takes the chain out of the single order.
    release_store: fails(Assertion)
        .weak()
        => chain(SeqCst, || {}, Release, SeqCst, || {});
    /// With all stores SeqCst the store of x precedes the load that would miss it.
    seq_cst_store: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        .slack("chain: y.fetch_add", "Relaxed", "SeqCst for the twin, where it does not help")
        => chain(SeqCst, || {}, SeqCst, SeqCst, || {});
    /// SeqCst fences do follow happens-before: they are what to use among mixed orderings.
    fences: holds()
        => chain(Relaxed, || fence(SeqCst), Relaxed, Relaxed, || fence(SeqCst));
}

/// The first thread's stores of x and y with a fence between, then the third thread's two accesses.
fn chain(
    x_store: Ordering,
    first_fence: fn(),
    y_store: Ordering,
    last: Ordering,
    last_fence: fn(),
) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| {
            x.store(1, x_store); // SeqCst: before the next store, if that is SeqCst too
            first_fence(); // SeqCst: ordered with the third thread's fence
            y.store(1, y_store); // Release: pairs with the increment; SeqCst: before it as well
        });
        let middle = s.spawn(|| {
            let before = y.fetch_add(1, SeqCst); // SeqCst: before the third thread's store of y
            (before, y.load(Relaxed)) // Relaxed: coherence puts the store that it reads later
        });
        let last = s.spawn(|| {
            y.store(3, last); // SeqCst: before this thread's load
            last_fence(); // SeqCst: ordered with the first thread's fence
            x.load(last) // SeqCst: reading 0, before the store of x
        });
        (middle.join().unwrap(), last.join().unwrap())
    });
    assert!(seen != ((1, 3), 0), "the last load misses a store that its own store comes after");
}
