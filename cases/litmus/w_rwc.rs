//! A synchronising pair may stand between two SeqCst accesses without breaking their single order.
//!
//! Shape: W+RWC. The first thread stores x (SeqCst) and hands z over by Release; the second
//! acquires z and misses y (SeqCst); the third stores y and misses x (both SeqCst). x is stored
//! before y is missed, as z's pair proves, so the single order still rules the pattern out. Without
//! the pair, or with one of the four accesses outside the order, it can happen.
//!
//! Source: Lahav et al., PLDI 2017 (W+RWC); ISO C++20 [atomics.order] p4.
//! Does not show: that happens-before always agrees with the single order; see `z6_u`.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// Release and Acquire in the middle of SeqCst accesses.
    release_acquire: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => hand_over_and_miss(SeqCst, [Release, Acquire], || {}, || {});
    /// Without the Release there is no link between the first two threads.
    relaxed_store: fails(Assertion)
        .weak()
        => hand_over_and_miss(SeqCst, [Relaxed, Acquire], || {}, || {});
    /// Nor without the Acquire.
    relaxed_load: fails(Assertion)
        .weak()
        => hand_over_and_miss(SeqCst, [Release, Relaxed], || {}, || {});
    /// Fences in the two threads that miss something; the first thread needs none.
    fences: holds()
        => hand_over_and_miss(Relaxed, [Release, Acquire], || fence(SeqCst), || fence(SeqCst));
    /// Fences, but no link: the first thread's store of x may come after that of z.
    fences_relaxed_store: fails(Assertion)
        .weak()
        => hand_over_and_miss(Relaxed, [Relaxed, Acquire], || fence(SeqCst), || fence(SeqCst));
}

/// `order` is that of all accesses to x and y; z has a store and a load of its own.
fn hand_over_and_miss(order: Ordering, of_z: [Ordering; 2], middle_fence: fn(), last_fence: fn()) {
    let (x, y, z) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| {
            x.store(1, order); // SeqCst: before the second thread's load of y
            z.store(1, of_z[0]); // Release: pairs with the second thread's load of z
        });
        let middle = s.spawn(|| {
            let sees_z = z.load(of_z[1]); // Acquire: pairs with the first thread's store of z
            middle_fence(); // SeqCst: ordered with the third thread's fence
            (sees_z, y.load(order)) // SeqCst: reading 0, before the store of y
        });
        let last = s.spawn(|| {
            y.store(1, order); // SeqCst: before this thread's load
            last_fence(); // SeqCst: ordered with the second thread's fence
            x.load(order) // SeqCst: reading 0, before the store of x
        });
        (middle.join().unwrap(), last.join().unwrap())
    });
    assert!(seen != ((1, 0), 0), "x is stored both before and after y");
}
