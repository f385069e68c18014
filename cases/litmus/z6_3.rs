//! To come later in a location's order is no synchronisation: overwriting a store acquires nothing.
//!
//! Shape: Z6.3. The first thread stores x and then y = 1; the second overwrites y with 2 and raises
//! z; the third sees z and looks for x. The second thread's store *follows* the first's in the
//! order of y, but it has read nothing, so Release and Acquire give no path from x to the third
//! thread. A swap in its place reads what it replaces, and then Acquire makes the path; SeqCst
//! fences do it as well.
//!
//! Source: Maranget, Sarkar and Sewell, tutorial on ARM and POWER, 2012 (Z6.3); ISO C++20
//! [atomics.order] p4.
//! Does not show: which store of y is last; both are, in different executions.

use super::rt::sync::atomic::{AtomicU32, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// Release and Acquire on every edge, and still no path through a store over a store.
    store_over_store: fails(Assertion)
        .weak()
        => overwrite(|| {}, |y| y.store(2, Release), || {}); // Release: nobody reads it
    /// A swap acquires from the store that it replaces.
    swap_over_store: holds()
        .alarms(Loom, PartialModificationOrder)
        => overwrite(|| {}, |y| { y.swap(2, Acquire); }, || {}); // Acquire: pairs with y's store
    /// A Relaxed swap reads it, but takes nothing over.
    relaxed_swap: fails(Assertion)
        .weak()
        => overwrite(|| {}, |y| { y.swap(2, Relaxed); }, || {}); // Relaxed: the flaw
    /// SeqCst fences: the order of y's stores orders them, and they order what is around them.
    seq_cst_fences: holds()
        // Relaxed: the fence after it orders it
        => overwrite(|| fence(SeqCst), |y| y.store(2, Relaxed), || fence(SeqCst));
    /// AcqRel fences do not order two stores of one location.
    acq_rel_fences: fails(Assertion)
        .weak()
        // Relaxed: the fence after it does not help
        => overwrite(|| fence(AcqRel), |y| y.store(2, Relaxed), || fence(AcqRel));
}

fn overwrite(first_fence: fn(), overwrite_y: fn(&AtomicU32), second_fence: fn()) {
    let (x, y, z) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let (sees_z, sees_x) = thread::scope(|s| {
        s.spawn(|| {
            x.store(1, Relaxed); // Relaxed: published by the store of y
            first_fence(); // SeqCst: before the second thread's fence, if y's stores are so ordered
            y.store(1, Release); // Release: pairs with the second thread's swap, if it is one
        });
        s.spawn(|| {
            overwrite_y(&y);
            second_fence(); // SeqCst: after the first thread's fence, if y's stores are so ordered
            z.store(1, Release); // Release: pairs with the third thread's load of z
        });
        let last = s.spawn(|| {
            let sees_z = z.load(Acquire); // Acquire: pairs with the second thread's store of z
            (sees_z, x.load(Relaxed)) // Relaxed: ordered by z, if at all
        });
        last.join().unwrap()
    });
    let last_y = y.load(Relaxed); // Relaxed: the joins order both stores before it
    assert!((last_y, sees_z, sees_x) != (2, 1, 0), "x is missed by who comes after it");
}
