//! A lock with a flag for each reader spares them each other; the writer looks at all, and each reader's entry takes a fence.
//!
//! Shape: a reader raises a flag of its own and looks whether a writer is there; the writer raises its own
//! and waits until no reader's flag is up. Store buffering, between the writer and each reader: either the
//! writer sees the flag or the reader sees the writer, if a SeqCst fence stands between the two steps of
//! both. A reader that meets a writer takes its flag down; here it gives up. What readers leave they leave
//! by their own flags, so the writer acquires from each.
//!
//! Source: Linux, `brlock` (Russell, Unreliable Guide to Locking, section Big Reader Locks); parking_lot
//! issue 257 (a wait for readers that does not acquire).
//! Does not show: readers that wait for a writer; several writers, who take a lock first.

use super::rt::cell::UnsafeCell;
use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The weakest orderings that hold.
    sound: holds() => read_beside_write([SeqCst, SeqCst], [Release, Acquire], 1, 2);
    /// A reader's look overtakes its flag.
    reader_fence: fails(DataRace).weak() => read_beside_write([AcqRel, SeqCst], [Release, Acquire], 1, 2);
    /// The writer looks before its flag is seen.
    writer_fence: fails(DataRace).weak() => read_beside_write([SeqCst, AcqRel], [Release, Acquire], 1, 2);
    /// A reader leaves, and its reading may not be over.
    relaxed_leave: fails(DataRace) => read_beside_write([SeqCst, SeqCst], [Relaxed, Acquire], 1, 2);
    /// The writer sees that a reader has left, and not that its reading is over.
    relaxed_wait: fails(DataRace) => read_beside_write([SeqCst, SeqCst], [Release, Relaxed], 1, 2);
    /// The writer looks at one of two flags.
    one_flag: fails(DataRace) => read_beside_write([SeqCst, SeqCst], [Release, Acquire], 2, 1);
}

/// The fences of readers and writer, the orderings of leaving and of waiting, how many readers there are, and
/// how many flags are looked at.
fn read_beside_write(
    [reader_fence, writer_fence]: [Ordering; 2],
    [leave, wait]: [Ordering; 2],
    readers: usize,
    looked_at: usize,
) {
    let (reads, writes) = ([false; 2].map(AtomicBool::new), AtomicBool::new(false));
    let data = UnsafeCell::new(7);
    thread::scope(|s| {
        let (writes, data) = (&writes, &data);
        for flag in &reads[..readers] {
            s.spawn(move || {
                flag.store(true, Relaxed); // Relaxed: the fence puts it before the look
                fence(reader_fence); // SeqCst: pairs with the writer's fence
                // Relaxed: if there is no writer, none has written
                if !writes.load(Relaxed) {
                    // SAFETY: a writer that comes sees this flag, and waits for it to be taken down; if either
                    // fence is weaker, neither may have seen the other, and by less than Release and Acquire the
                    // writer has the flag without this read.
                    assert_eq!(data.with(|data| unsafe { *data }), 7);
                }
                flag.store(false, leave); // Release: pairs with the writer's wait
            });
        }
        s.spawn(|| {
            writes.store(true, Relaxed); // Relaxed: the fence puts it before the looks
            fence(writer_fence); // SeqCst: pairs with the readers' fences
            for flag in &reads[..looked_at] {
                // Acquire: pairs with the reader's leaving
                while flag.load(wait) {
                    hint::spin_loop();
                }
            }
            // SAFETY: as above, for every reader whose flag was looked at.
            data.with_mut(|data| unsafe { *data = 8 });
        });
    });
}
