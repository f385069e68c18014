//! Under RC11 a weaker store that replaces a SeqCst store does not take its place in the order.
//!
//! Shape: one thread stores y and x, both SeqCst. Another replaces that x by 2. A third sees the 2,
//! by a SeqCst load, and misses y. The 2 comes after the first x, so y was stored; but the 2 is
//! Relaxed, and RC11 draws the single order through SeqCst stores alone. The letter of C++20 draws
//! it through any store. A swap in its place reads the first x and continues its release sequence,
//! so that whoever reads the 2 has seen y.
//!
//! Source: ISO C++20 [atomics.order] p3 and p4, [intro.races] p5; Lahav et al., PLDI 2017 (RC11);
//! LWG issue 3941, Boehm, 2023; miri issue 5104 (a load that is overtaken by a SeqCst store).
//! Does not show: which of the two stores of x is last; both are, in different executions.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// A SeqCst store in between is in the order itself.
    by_seq_cst: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => replace(|x| x.store(2, SeqCst)); // SeqCst: after the first store of x
    /// A Relaxed one is not.
    by_relaxed: fails(Assertion).beyond_letter()
        .weak()
        => replace(|x| x.store(2, Relaxed)); // Relaxed: the flaw
    /// A Relaxed swap reads what it replaces and hands it on.
    by_relaxed_swap: holds()
        .alarms(Loom, PartialModificationOrder)
        => replace(|x| { x.swap(2, Relaxed); }); // Relaxed: it continues the release sequence
    /// A SeqCst load that reads a Relaxed store comes before the SeqCst store that replaces it.
    overtaken: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        => miss_and_overtake(SeqCst);
    /// A Release store that replaces it is not in the order.
    overtaken_by_release: fails(Assertion)
        .weak()
        => miss_and_overtake(Release);
}

fn replace(replace_x: fn(&AtomicU32)) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let (sees_x, sees_y) = thread::scope(|s| {
        s.spawn(|| {
            y.store(1, SeqCst); // SeqCst: before the next store
            x.store(1, SeqCst); // SeqCst: before the store that replaces it
        });
        s.spawn(|| replace_x(&x));
        let last = s.spawn(|| (x.load(SeqCst), y.load(SeqCst))); // SeqCst: after both stores
        last.join().unwrap()
    });
    let last_x = x.load(Relaxed); // Relaxed: the joins order both stores before it
    assert!((last_x, sees_x, sees_y) != (2, 2, 0), "y is missed behind what came after it");
}

fn miss_and_overtake(second_store: Ordering) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let seen = thread::scope(|s| {
        s.spawn(|| x.store(1, Relaxed)); // Relaxed: a store outside the order
        let middle = s.spawn(|| {
            let before = x.load(Relaxed); // Relaxed: coherence puts the next store later
            x.store(2, second_store); // SeqCst: after the third thread's load, if that reads 1
            (before, y.load(SeqCst)) // SeqCst: reading 0, before the store of y
        });
        let last = s.spawn(|| {
            y.store(1, SeqCst); // SeqCst: before this thread's load
            x.load(SeqCst) // SeqCst: reading 1, before the store of 2
        });
        (middle.join().unwrap(), last.join().unwrap())
    });
    assert!(seen != ((1, 0), 1), "the load of x comes both before and after the store of 2");
}
