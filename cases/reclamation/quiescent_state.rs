//! RCU: readers pay nothing, because the writer waits until each has said that it holds nothing.
//!
//! Shape: the writer replaces a value and waits for a grace period: until every reader has passed
//! a quiescent state, in which it has no reference. Then the old value is unreachable. The reader's
//! announcement comes after its use, so Release and Acquire suffice where hazard pointers need a
//! SeqCst fence. A reader that keeps its reference across the announcement breaks the promise. Two
//! cells stand for the memory; to reclaim one is a plain write.
//!
//! Source: McKenney and Slingwine, PDCS 1998 (read-copy update); Desnoyers et al., IEEE TPDS 2012,
//! section 5.1 (quiescent-state-based).
//! Does not show: several grace periods, for which the announcement is a counter.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => replace_beside_read([Release, Acquire], Some([Release, Acquire]), true);
    /// The new value is not published.
    relaxed_publish: fails(DataRace)
        => replace_beside_read([Relaxed, Acquire], Some([Release, Acquire]), true);
    /// The new value is found and not acquired; the address alone orders nothing in the language.
    relaxed_find: fails(DataRace)
        => replace_beside_read([Release, Relaxed], Some([Release, Acquire]), true);
    /// The reader's use is not published by its announcement.
    relaxed_announcement: fails(DataRace)
        => replace_beside_read([Release, Acquire], Some([Relaxed, Acquire]), true);
    /// The writer sees the announcement without the use before it.
    relaxed_wait: fails(DataRace)
        => replace_beside_read([Release, Acquire], Some([Release, Relaxed]), true);
    /// The writer reclaims at once what a reader has found.
    no_grace_period: fails(DataRace) => replace_beside_read([Release, Acquire], None, true);
    /// The reader uses what it found before its quiescent state.
    kept_across: fails(DataRace)
        => replace_beside_read([Release, Acquire], Some([Release, Acquire]), false);
}

fn replace_beside_read(
    [publish, find]: [Ordering; 2],
    grace: Option<[Ordering; 2]>,
    use_before: bool,
) {
    let (current, quiescent) = (AtomicUsize::new(0), AtomicBool::new(false));
    let cells = [7, 0].map(UnsafeCell::new);
    let [announce, wait] = grace.unwrap_or([Release, Acquire]);
    thread::scope(|s| {
        s.spawn(|| {
            let found = current.load(find); // Acquire: an address alone brings no contents
            // SAFETY: the writer reclaims after the announcement below, and the use comes before
            // it; kept across it, or without a grace period, the value may be gone.
            let use_value = || cells[found].with(|v| unsafe { *v });
            if use_before {
                use_value();
            }
            quiescent.store(true, announce); // Release: the use is over before it
            if !use_before {
                use_value();
            }
        });
        s.spawn(|| {
            // SAFETY: the second cell is not current yet, so nobody reads it.
            cells[1].with_mut(|v| unsafe { *v = 8 });
            current.store(1, publish); // Release: publishes the cell that was written above
            // Acquire: pairs with the reader's announcement; Relaxed would see it made, and not
            // that the use before it is over.
            while grace.is_some() && !quiescent.load(wait) {
                hint::spin_loop();
            }
            // SAFETY: the only reader found its cell before its quiescent state, which has been
            // waited for; where it is not, the reader may be at it.
            cells[0].with_mut(|v| unsafe { *v = 0 });
        });
    });
}
