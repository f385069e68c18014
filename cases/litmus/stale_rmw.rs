//! A read-modify-write does not see "the latest value": it comes right after the one it reads.
//!
//! Shape: MP with a fetch_add for the reader's second load. A common belief has it that an atomic
//! update always works on the newest value and so needs no ordering against other locations. But
//! "last" is meant in the location's own modification order, where the update may stand before a
//! store whose *other* effects the thread has already seen. Only happens-before rules it out.
//!
//! Source: ISO C++20 [atomics.order] p10; std docs, `Ordering::Relaxed`.
//! Does not show: an update lost; the store that it did not see comes after it.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The flag is seen, and the update still works on the value from before.
    relaxed: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .interesting((1, 0), "the update stands before the store in the modification order")
        .misses(Loom, [(1, 0)], PartialModificationOrder)
        .weak([(1, 0)])
        => update_after_flag(Relaxed, Relaxed);
    /// An AcqRel update does not help: the flag is what must be acquired.
    acq_rel_update: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .interesting((1, 0), "nothing orders the store before the update")
        .misses(Loom, [(1, 0)], PartialModificationOrder)
        .weak([(1, 0)])
        => update_after_flag(Relaxed, AcqRel);
    /// With the flag released and acquired the store happens before the update.
    flag_released: observes()
        .required([(0, 0), (0, 1), (1, 1)])
        .forbidden((1, 0), "the store happens before the update, so it is read or overwritten")
        => update_after_flag(Release, Relaxed);
}

fn update_after_flag(flag: Ordering, update: Ordering) -> (u32, u32) {
    let (x, ready) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            x.store(1, Relaxed); // Relaxed: published by the flag, if anything
            ready.store(1, flag); // Release: pairs with the load of the flag
        });
        let updater = s.spawn(|| {
            let up = ready.load(Acquire); // Acquire: pairs with the store of the flag, if Release
            (up, x.fetch_add(2, update)) // Relaxed: ordered by the flag, if at all
        });
        updater.join().unwrap()
    })
}
