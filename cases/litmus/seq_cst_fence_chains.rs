//! A SeqCst fence orders what stands far from it, behind a synchronising pair or another fence.
//!
//! Shape: two of Lahav's tests, each with a thread that stores x and misses y by SeqCst accesses.
//! In `hand_over` the fence that comes after it stands in another thread than the store of y,
//! behind a Release store and a load before the fence. In `relay` two fences pass the order on, the
//! second to a load of x. A Relaxed pair, or an AcqRel fence, does not.
//!
//! Source: miri pull request 4057 (Lahav's tests, 2024); Lahav et al., PLDI 2017; ISO C++20
//! [atomics.order] p4.
//! Does not show: what a fence publishes; see `seq_cst_fence_release`.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// A fence counts for what happens before it.
    behind_pair: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => hand_over(Release);
    /// Without the pair the store of y need not.
    behind_relaxed: fails(Assertion)
        .weak()
        => hand_over(Relaxed);
    /// Two fences carry the order from a SeqCst load to a load behind the second.
    two_fences: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => relay(|| fence(SeqCst));
    /// An AcqRel fence breaks the chain.
    second_acq_rel: fails(Assertion)
        .weak()
        => relay(|| fence(AcqRel));
}

fn hand_over(z_store: Ordering) {
    let [x, y, z] = [0; 3].map(AtomicU32::new);
    let seen = thread::scope(|s| {
        let first = s.spawn(|| {
            x.store(1, SeqCst); // SeqCst: before this thread's load
            y.load(SeqCst) // SeqCst: reading 0, before the fence
        });
        s.spawn(|| {
            y.store(1, Relaxed); // Relaxed: published by the store of z
            z.store(1, z_store); // Release: pairs with the load of z
        });
        let last = s.spawn(|| {
            let sees_z = z.load(Relaxed); // Relaxed: the fence behind it acquires
            fence(SeqCst); // SeqCst: after the first thread's load, so after its store
            (sees_z, x.load(Relaxed)) // Relaxed: the fence orders it
        });
        (first.join().unwrap(), last.join().unwrap())
    });
    assert!(seen != (0, (1, 0)), "the fence comes both before and after the first thread");
}

fn relay(last_fence: fn()) {
    let [x, y, z] = [0; 3].map(AtomicU32::new);
    let seen = thread::scope(|s| {
        let first = s.spawn(|| {
            x.store(1, SeqCst); // SeqCst: before this thread's load
            y.load(SeqCst) // SeqCst: reading 0, before the second thread's fence
        });
        let middle = s.spawn(|| {
            y.store(1, Relaxed); // Relaxed: the fence orders it
            fence(SeqCst); // SeqCst: after the first thread's load, before the last thread's fence
            z.load(Relaxed) // Relaxed: the fence orders it
        });
        let last = s.spawn(|| {
            let sees_z = z.load(Relaxed); // Relaxed: the fence orders it
            last_fence(); // SeqCst: after the second thread's fence
            (sees_z, x.load(Relaxed)) // Relaxed: the fence orders it
        });
        z.store(1, Relaxed); // Relaxed: the fences order who sees it
        (first.join().unwrap(), middle.join().unwrap(), last.join().unwrap())
    });
    assert!(seen != (0, 0, (1, 0)), "the last fence comes both before and after the first thread");
}
