//! Epochs reclaim what was removed two steps ago: one step is too few, and pinning needs a fence.
//!
//! Shape: a reader pins the epoch it sees and unpins when it has finished. The collector removes a
//! value and tries to advance the epoch twice: it can if no reader is pinned to an older one. A
//! reader pinned to the present epoch lets it advance once, and may have found the value before it
//! was removed; it does not let it advance again. Pin and load are store buffering
//! against the removal and the scan, so both sides have a SeqCst fence. Two cells stand for the
//! memory; to reclaim one is a plain write. A reader that pins again overwrites its unpinning, so
//! the pin must publish as well: C++11's release sequence went on through it, C++20's does not.
//!
//! Source: Fraser, *Practical lock-freedom*, UCAM-CL-TR-579, 2004, section 5.2.3; crossbeam::epoch,
//! documentation (crossbeam-rs RFC 6 of 2017 has a Relaxed pin).
//! Minimal: `replace_beside_read: pinned.store #1` Release, `replace_beside_read: fence #1` SeqCst,
//! `replace_beside_read: current.load` Acquire, `replace_beside_read: pinned.store #2` Release,
//! `replace_beside_read: current.store` Release, `replace_beside_read: fence #2` SeqCst,
//! `replace_beside_read: pinned.load` Acquire (crossbeam-rs RFC 6, 2017, but for the pin).
//! Does not show: several readers; the bags of garbage; the publication of the new value, which
//! `quiescent_state` does.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => replace_beside_read(2, [SeqCst; 2], [Release; 2], Acquire);
    /// The reader that lets the epoch advance once still has the value.
    one_advance: fails(DataRace) => replace_beside_read(1, [SeqCst; 2], [Release; 2], Acquire);
    /// The reader's loads overtake its pin.
    pin_fence: fails(DataRace).weak()
        => replace_beside_read(2, [AcqRel, SeqCst], [Release; 2], Acquire);
    /// The scan overtakes the removal.
    scan_fence: fails(DataRace).weak()
        => replace_beside_read(2, [SeqCst, AcqRel], [Release; 2], Acquire);
    /// The reader pins again without publishing what it did while it was pinned before.
    relaxed_pin: fails(DataRace)
        => replace_beside_read(2, [SeqCst; 2], [Relaxed, Release], Acquire);
    /// The reader unpins without publishing that it has finished.
    relaxed_unpin: fails(DataRace)
        => replace_beside_read(2, [SeqCst; 2], [Release, Relaxed], Acquire);
    /// The collector sees it unpinned without what it did before.
    relaxed_scan: fails(DataRace) => replace_beside_read(2, [SeqCst; 2], [Release; 2], Relaxed);
}

const UNPINNED: usize = usize::MAX;

fn replace_beside_read(
    advances: usize,
    [pin_fence, scan_fence]: [Ordering; 2],
    [pin, unpin]: [Ordering; 2],
    scan: Ordering,
) {
    let (epoch, pinned) = (AtomicUsize::new(0), AtomicUsize::new(UNPINNED));
    let (current, cells) = (AtomicUsize::new(0), [7, 0].map(UnsafeCell::new));
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..2 {
                let now = epoch.load(Relaxed); // Relaxed: an old epoch only delays
                // Release: the second pairs with the scan, which may read it in the place of the
                // unpinning that it overwrites. The fence orders it before the load.
                pinned.store(now, pin);
                fence(pin_fence); // SeqCst: nothing less keeps the load behind the pin
                let found = current.load(Acquire); // Acquire: the new cell was written before
                // SAFETY: the collector sees this pin, or this reader the removal; and while it is
                // pinned the epoch advances once, not twice. One advance, or a weak fence, is too
                // little.
                cells[found].with(|v| unsafe { *v });
                pinned.store(UNPINNED, unpin); // Release: the reading is over before it
            }
        });
        s.spawn(|| {
            // SAFETY: the second cell is not current yet, so nobody reads it.
            cells[1].with_mut(|v| unsafe { *v = 8 });
            current.store(1, Release); // Release: publishes the cell that was written above
            fence(scan_fence); // SeqCst: nothing less keeps the scan behind the removal
            for now in 0..advances {
                // Acquire: pairs with the reader's unpinning, or with its next pin; Relaxed would
                // see it gone and not that its reading is over.
                if ![now, UNPINNED].contains(&pinned.load(scan)) {
                    return;
                }
                epoch.store(now + 1, Relaxed); // Relaxed: as the reader's load
            }
            // SAFETY: after two advances no reader is pinned to an epoch in which the cell could be
            // found, and the scan has acquired what readers did before.
            cells[0].with_mut(|v| unsafe { *v = 0 });
        });
    });
}
