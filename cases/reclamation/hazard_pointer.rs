//! A hazard pointer is announced before it is validated, and only a SeqCst fence keeps that order.
//!
//! Shape: a reader announces what it is about to use, and looks again whether it is still current.
//! The reclaimer removes it and then looks at the announcements. That is store buffering: the store
//! of the announcement must not be overtaken by the second look, nor the removal by the scan. So
//! each has a SeqCst fence between its store and its load; then one of the two sees the other. Two
//! cells stand for the memory; to reclaim one is a plain write, as its next owner would do.
//!
//! Source: Michael, "Hazard pointers", IEEE TPDS 15(6), 2004, section 3; arc-swap issues 198 and
//! 200.
//! Does not show: the list of what cannot be reclaimed yet; the publication of the new value, which
//! `quiescent_state` does.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => replace_beside_read([SeqCst, SeqCst], true, Release, Acquire);
    /// The second look overtakes the announcement.
    reader_fence: fails(DataRace).misses(Shuttle, SequentiallyConsistent)
        => replace_beside_read([AcqRel, SeqCst], true, Release, Acquire);
    /// The scan overtakes the removal.
    reclaimer_fence: fails(DataRace).misses(Shuttle, SequentiallyConsistent)
        => replace_beside_read([SeqCst, AcqRel], true, Release, Acquire);
    /// What is announced may have been reclaimed before.
    not_validated: fails(DataRace)
        => replace_beside_read([SeqCst, SeqCst], false, Release, Acquire);
    /// The announcement is withdrawn without publishing that the use is over.
    relaxed_withdrawal: fails(DataRace)
        => replace_beside_read([SeqCst, SeqCst], true, Relaxed, Acquire);
    /// The withdrawal is seen without the use before it.
    relaxed_scan: fails(DataRace)
        => replace_beside_read([SeqCst, SeqCst], true, Release, Relaxed);
}

const NONE: usize = 2;

fn replace_beside_read(
    [reader_fence, reclaimer_fence]: [Ordering; 2],
    validate: bool,
    withdraw: Ordering,
    scan: Ordering,
) {
    let (current, hazard) = (AtomicUsize::new(0), AtomicUsize::new(NONE));
    let cells = [7, 0].map(UnsafeCell::new);
    thread::scope(|s| {
        s.spawn(|| {
            let found = current.load(Acquire); // Acquire: pairs with the replacement
            hazard.store(found, Relaxed); // Relaxed: ordered by the fence
            fence(reader_fence); // SeqCst: pairs with the reclaimer's fence
            // Relaxed: it only says whether the announcement came in time.
            if !validate || current.load(Relaxed) == found {
                // SAFETY: what is announced is not reclaimed; that is the claim under test.
                cells[found].with(|v| unsafe { *v });
            }
            hazard.store(NONE, withdraw); // Release: pairs with the scan
        });
        s.spawn(|| {
            // SAFETY: the second cell is not current yet, so nobody reads it.
            cells[1].with_mut(|v| unsafe { *v = 8 });
            current.store(1, Release); // Release: pairs with the reader's loads
            fence(reclaimer_fence); // SeqCst: pairs with the reader's fence
            // Acquire: pairs with the withdrawal.
            if hazard.load(scan) != 0 {
                // SAFETY: it is removed and not announced; that is the claim under test.
                cells[0].with_mut(|v| unsafe { *v = 0 });
            }
        });
    });
}
