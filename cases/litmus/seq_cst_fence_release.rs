//! A SeqCst fence is first in the single order and then a release: what follows it publishes all.
//!
//! Shape: one of Lahav's tests. Two threads store, pass a SeqCst fence and store again. Whoever
//! acquires the later store has what came before the fence. Of two fences one is first, so whoever
//! acquires from the other one has the first thread's store as well: two readers cannot both miss
//! the other thread's. AcqRel fences publish, but none is first.
//!
//! Source: miri pull request 4057 (Lahav's test, 2024); ISO C++20 [atomics.fences] p2,
//! [atomics.order] p4.
//! Does not show: SeqCst fences that synchronise by themselves; they need a store and a load.

use super::rt::sync::atomic::{AtomicU32, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// Two SeqCst fences: one is first, and both release.
    seq_cst: holds()
        .alarms(Loom, SeqCstFenceReleasesFirst)
        => releases(|| fence(SeqCst), || fence(SeqCst));
    /// AcqRel fences release, but none is first.
    one_acq_rel: fails(Assertion)
        .weak()
        => releases(|| fence(SeqCst), || fence(AcqRel));
}

fn releases(left_fence: fn(), right_fence: fn()) {
    let [x, y, k, z] = [0; 4].map(AtomicU32::new);
    let announce = |early: &AtomicU32, pass_fence: fn(), late: &AtomicU32| {
        early.store(1, Relaxed); // Relaxed: the fence publishes it
        pass_fence(); // SeqCst: first or second of the two, and a release of the store above
        late.store(1, Relaxed); // Relaxed: the fence makes it a release
    };
    // Acquire: pairs with the fence before the store. Relaxed: ordered by it
    let look = |late: &AtomicU32, early: &AtomicU32| (late.load(Acquire), early.load(Relaxed));
    let seen = thread::scope(|s| {
        s.spawn(|| announce(&y, right_fence, &z));
        let left = s.spawn(|| look(&k, &y));
        let right = s.spawn(|| look(&z, &x));
        announce(&x, left_fence, &k);
        (left.join().unwrap(), right.join().unwrap())
    });
    assert!(seen != ((1, 0), (1, 0)), "each fence comes before the other");
}
