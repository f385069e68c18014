//! Left–right keeps two copies: readers never wait, and the writer waits for those on the old side.
//!
//! Shape: a reader announces itself, looks which side is current, reads that copy, and leaves. The
//! writer changes the other copy, makes it current, waits until no reader is there, and changes the
//! first. Arriving and looking against turning and counting is store buffering, so both sides
//! have a SeqCst fence: a reader that is not counted has seen the new side.
//!
//! Source: Ramalhete and Correia, "Left-right: a concurrency control technique with wait-free
//! population oblivious reads", 2013, section 2; left-right issue 144; relacy issue 26, 2024 (fences alone).
//! Does not show: the two counters that keep new readers from delaying the writer for ever.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => write_beside_read([SeqCst, SeqCst], [Release, Acquire], [Release, Acquire]);
    /// Polled Relaxed, with one fence behind the loop: a checker said that it races (relacy issue 26), wrongly.
    polled_relaxed: holds() => poll_beside_read(
        [SeqCst, SeqCst], [Release, Acquire], [Release, Relaxed], || fence(Acquire),
    );
    /// The reader's look overtakes its arrival.
    reader_fence: fails(DataRace).weak()
        => write_beside_read([AcqRel, SeqCst], [Release, Acquire], [Release, Acquire]);
    /// The writer counts before its turn is seen.
    writer_fence: fails(DataRace).weak()
        => write_beside_read([SeqCst, AcqRel], [Release, Acquire], [Release, Acquire]);
    /// The changed copy is made current without being published.
    relaxed_turn: fails(DataRace)
        => write_beside_read([SeqCst, SeqCst], [Relaxed, Acquire], [Release, Acquire]);
    /// The reader turns to the changed copy without acquiring it.
    relaxed_look: fails(DataRace)
        => write_beside_read([SeqCst, SeqCst], [Release, Relaxed], [Release, Acquire]);
    /// The reader leaves without publishing that it has finished.
    relaxed_leave: fails(DataRace)
        => write_beside_read([SeqCst, SeqCst], [Release, Acquire], [Relaxed, Acquire]);
    /// The writer sees nobody there without what they did before.
    relaxed_wait: fails(DataRace)
        => write_beside_read([SeqCst, SeqCst], [Release, Acquire], [Release, Relaxed]);
}

fn write_beside_read(fences: [Ordering; 2], turn_look: [Ordering; 2], leave_wait: [Ordering; 2]) {
    poll_beside_read(fences, turn_look, leave_wait, || {});
}

fn poll_beside_read(
    [reader_fence, writer_fence]: [Ordering; 2],
    [turn, look]: [Ordering; 2],
    [leave, wait]: [Ordering; 2],
    behind_wait: fn(),
) {
    let (side, readers) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let copies = [7, 7].map(UnsafeCell::new);
    thread::scope(|s| {
        s.spawn(|| {
            readers.fetch_add(1, Relaxed); // Relaxed: ordered by the fence
            fence(reader_fence); // SeqCst: nothing less keeps the look behind the arrival
            let current = side.load(look); // Acquire: the copy was changed before the turn
            // SAFETY: a copy is changed before it is current or after its readers have left; a
            // reader that is not counted has seen the turn, if both fences are SeqCst.
            let value = copies[current].with(|v| unsafe { *v });
            assert_eq!(value, [7, 8][current], "a copy is whole before it is current");
            readers.fetch_sub(1, leave); // Release: the reading is over before it
        });
        s.spawn(|| {
            // SAFETY: readers look for the side first, and this copy is not current before the
            // turn.
            copies[1].with_mut(|v| unsafe { *v = 8 });
            side.store(1, turn); // Release: publishes the copy that was changed
            fence(writer_fence); // SeqCst: nothing less keeps the count behind the turn
            // Acquire: pairs with the reader's leaving; Relaxed would see it gone, and not that its
            // reading is over.
            while readers.load(wait) != 0 {
                hint::spin_loop();
            }
            behind_wait(); // Acquire: pairs with the reader's leaving, if the loop has not acquired it
            // SAFETY: who was counted has left, and who comes later sees the turn and reads the
            // other copy.
            copies[0].with_mut(|v| unsafe { *v = 8 });
        });
    });
}
