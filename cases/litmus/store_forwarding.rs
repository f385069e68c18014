//! A thread sees its own store before anybody else does, even between a store and a load.
//!
//! Shape: SB+rfis. Each thread stores, reads its own store back, and loads the other's location. To
//! read back is no fence: the value may come from the thread's own store buffer. So each thread can
//! have seen its own store and not the other's. With SeqCst everywhere there is one order of all.
//! With SeqCst loads and weaker stores x86-64 shows it too, for there a SeqCst load is a plain one;
//! RC11 allows it. The letter of C++20 forbids it, by an error that its authors mean to mend.
//!
//! Source: LWG issue 3941, Boehm, 2023 (SB+rfis); Intel, White Paper on Memory Ordering, 2007,
//! section 2.4 (intra-processor forwarding is allowed); Owens, Sarkar and Sewell, TPHOLs 2009,
//! section 2 (x86-TSO, examples iwp2.4 and n6).
//! Does not show: a thread that misses its own store; coherence forbids that, see `coherence`.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// One order of all six accesses: one thread sees the other.
    seq_cst: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .forbidden((0, 0), "the first store in the single order is seen by the other thread")
        .alarms(Loom, [(0, 0)], SeqCstAsAcqRel)
        .slack("read_back: mine.load", "Relaxed", "to show all six in one order")
        => read_back(SeqCst, SeqCst, SeqCst);
    /// A SeqCst read-back does not repair a load outside the order.
    read_back_seq_cst: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "the Acquire load overtakes the store; the read-back is local")
        .weak([(0, 0)])
        => read_back(SeqCst, SeqCst, Acquire);
    /// SeqCst loads of weaker stores: on x86-64 real threads see it.
    seq_cst_loads: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "the loads are in one order, but the stores they read are not in it")
        .beyond_letter([(0, 0)])
        .weak([(0, 0)])
        .rounds(20_000)
        => read_back(Release, SeqCst, SeqCst);
    /// Each thread reads its own store early, from its store buffer.
    release_acquire: observes()
        .required([(0, 1), (1, 0), (1, 1)])
        .interesting((0, 0), "each thread's store is still on its way to the other")
        .weak([(0, 0)])
        => read_back(Release, Acquire, Acquire);
}

fn read_back(store: Ordering, own: Ordering, other: Ordering) -> (u32, u32) {
    let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
    let step = |mine: &AtomicU32, theirs: &AtomicU32| {
        mine.store(1, store); // SeqCst: before this thread's last load in the single order
        assert_eq!(mine.load(own), 1); // reads the store above, whatever the ordering
        theirs.load(other) // SeqCst: reading 0, it is before the other thread's store
    };
    thread::both(|| step(&x, &y), || step(&y, &x))
}
