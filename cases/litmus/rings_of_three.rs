//! In a ring of three threads every link must be strong: one weak link opens the whole ring.
//!
//! Shape: the two-thread patterns drawn out. 3.SB: each thread stores its own location and loads the
//! next one's, and all three loads miss. 3.2W: each thread stores its own and then the next one's, and in
//! each location the first of the two is last. With SeqCst accesses, or fences between the two steps,
//! neither is possible, for the three steps would have to come before each other in a circle. If one
//! thread has less, its two steps change places and there is no circle.
//!
//! Source: Flur et al., POPL 2016 (3.SB and 3.2W among the tests that stand beside the paper); ISO C++20
//! [atomics.order] p4.
//! Does not show: rings of two, see `store_buffering` and `two_plus_two_writes`.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// 3.SB: all in one order.
    stores_and_loads: holds()
        .alarms(Loom, SeqCstAsAcqRel)
        .slack("miss_each_other: fence", "none", "the accesses do it")
        => miss_each_other([[SeqCst; 2]; 3], AcqRel, AcqRel);
    /// The store of one thread is weaker.
    one_store_release: fails(Assertion).weak()
        => miss_each_other([[Release, SeqCst], [SeqCst; 2], [SeqCst; 2]], AcqRel, AcqRel);
    /// Three fences.
    fences: holds() => miss_each_other([[Relaxed; 2]; 3], SeqCst, SeqCst);
    /// Two fences, and one that is weaker.
    two_fences: fails(Assertion).weak() => miss_each_other([[Relaxed; 2]; 3], AcqRel, SeqCst);
    /// 3.2W: all in one order.
    two_stores: holds()
        .slack("lose_second_stores: fence", "none", "the accesses do it")
        => lose_second_stores([SeqCst; 2], SeqCst, AcqRel);
    /// The second store of one thread is weaker.
    one_second_store: fails(Assertion)
        .weak()
        .misses(Loom, PartialModificationOrder)
        => lose_second_stores([SeqCst, Release], SeqCst, AcqRel);
    /// Three Release fences: a store that comes last has acquired nothing from the one before it.
    release_fences: fails(Assertion)
        .weak()
        .misses(Loom, PartialModificationOrder)
        => lose_second_stores([Relaxed; 2], Relaxed, Release);
}

/// Orderings of each thread's store and load, of the first thread's fence, and of the others'.
fn miss_each_other(orders: [[Ordering; 2]; 3], first: Ordering, others: Ordering) {
    let x = [0; 3].map(AtomicU32::new);
    let seen = thread::scope(|s| {
        let x = &x;
        let threads = [0, 1, 2].map(|me| {
            let [store, load] = orders[me];
            s.spawn(move || {
                x[me].store(1, store); // SeqCst: before this thread's load, or its fence
                fence(if me == 0 { first } else { others }); // SeqCst: before or after the other two
                x[(me + 1) % 3].load(load) // SeqCst: reading 0, before the next thread's store
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert!(seen != [0; 3], "each thread comes before the next one");
}

/// Orderings of the first thread's stores and of the others'; all have the same fence between them.
fn lose_second_stores(first: [Ordering; 2], others: Ordering, between: Ordering) {
    let x = [0; 3].map(AtomicU32::new);
    thread::scope(|s| {
        let x = &x;
        for me in 0..3 {
            let [early, late] = if me == 0 { first } else { [others; 2] };
            s.spawn(move || {
                x[me].store(2, early); // SeqCst: before the next
                fence(between); // AcqRel: of no use here
                x[(me + 1) % 3].store(1, late); // SeqCst: overwritten by the next thread's first
            });
        }
    });
    assert!(x.map(AtomicU32::into_inner) != [2; 3], "each thread comes before the next one");
}
