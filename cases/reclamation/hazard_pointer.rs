//! A hazard pointer is announced before it is validated, and only a SeqCst fence keeps that order.
//!
//! Shape: a reader announces what it is about to use, and looks again whether it is still current.
//! The reclaimer removes it and then looks at the announcements. That is store buffering: the store
//! of the announcement must not be overtaken by the second look, nor the removal by the scan. So
//! each has a SeqCst fence between its store and its load; then one of the two sees the other. Two
//! cells stand for the memory; to reclaim one is a plain write, as its next owner would do. The
//! reader comes twice: its second announcement replaces the withdrawal of the first, and so has to
//! publish the first use as well.
//!
//! Source: Michael, "Hazard pointers", IEEE TPDS 15(6), 2004, section 3; arc-swap issues 198 and
//! 200.
//! Minimal: `replace_beside_read: current.load #1` Relaxed, `replace_beside_read: hazard.store #1`
//! Release, `replace_beside_read: fence #1` SeqCst, `replace_beside_read: hazard.store #2` Release,
//! `replace_beside_read: current.store` Release, `replace_beside_read: fence #2` SeqCst,
//! `replace_beside_read: hazard.load` Acquire (haphazard 0.1.8, record.rs and domain.rs).
//! Does not show: the list of what cannot be reclaimed yet; the publication of the new value, which
//! `quiescent_state` does.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => replace_beside_read([SeqCst; 2], true, [Release; 2], Acquire);
    /// The second look overtakes the announcement.
    reader_fence: fails(DataRace).weak()
        => replace_beside_read([AcqRel, SeqCst], true, [Release; 2], Acquire);
    /// The scan overtakes the removal.
    reclaimer_fence: fails(DataRace).weak()
        => replace_beside_read([SeqCst, AcqRel], true, [Release; 2], Acquire);
    /// What is announced may have been reclaimed before.
    not_validated: fails(DataRace)
        => replace_beside_read([SeqCst; 2], false, [Release; 2], Acquire);
    /// The second announcement replaces the withdrawal of the first, and publishes nothing.
    relaxed_announcement: fails(DataRace)
        => replace_beside_read([SeqCst; 2], true, [Relaxed, Release], Acquire);
    /// The announcement is withdrawn without publishing that the use is over.
    relaxed_withdrawal: fails(DataRace)
        => replace_beside_read([SeqCst; 2], true, [Release, Relaxed], Acquire);
    /// The withdrawal is seen without the use before it.
    relaxed_scan: fails(DataRace)
        => replace_beside_read([SeqCst; 2], true, [Release; 2], Relaxed);
}

const NONE: usize = 2;

fn replace_beside_read(
    [reader_fence, reclaimer_fence]: [Ordering; 2],
    validate: bool,
    [announce, withdraw]: [Ordering; 2],
    scan: Ordering,
) {
    let (current, hazard) = (AtomicUsize::new(0), AtomicUsize::new(NONE));
    let cells = [7, 0].map(UnsafeCell::new);
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..2 {
                let found = current.load(Relaxed); // Relaxed: the fence below acquires
                // Release: the second pairs with the scan, which may read it in the place of the
                // withdrawal that it replaces. The fence orders it before the look.
                hazard.store(found, announce);
                fence(reader_fence); // SeqCst: nothing less keeps the look behind it
                // Relaxed: it only says whether the announcement came in time.
                if !validate || current.load(Relaxed) == found {
                    // SAFETY: it was current after the announcement, so the reclaimer, which
                    // removes it later, finds the announcement. Not validated, it may be gone
                    // already.
                    cells[found].with(|v| unsafe { *v });
                }
                hazard.store(NONE, withdraw); // Release: the use is over before it
            }
        });
        s.spawn(|| {
            // SAFETY: the second cell is not current yet, so nobody reads it.
            cells[1].with_mut(|v| unsafe { *v = 8 });
            current.store(1, Release); // Release: publishes the cell that was written above
            fence(reclaimer_fence); // SeqCst: nothing less keeps the scan behind the removal
            // Acquire: pairs with the withdrawal, or with the next announcement; Relaxed would see
            // the use withdrawn and not over.
            if hazard.load(scan) != 0 {
                // SAFETY: it was removed before the scan, so who announces it from now on will not
                // find it current, and who has withdrawn it has finished.
                cells[0].with_mut(|v| unsafe { *v = 0 });
            }
        });
    });
}
