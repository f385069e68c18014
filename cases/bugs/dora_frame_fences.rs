//! A Release fence covers the stores after it and an Acquire fence the loads before it: behind what they are for they do nothing.
//!
//! Shape: a sequence lock around frames. The writer makes the generation odd, writes the frame, and
//! makes it even; a reader looks at the generation before and after. The last fence of each side stood
//! one line too late: the writer's behind the store of the even number, the reader's behind its second
//! look. Both read like fences that are there. On x86-64 nothing shows, for its stores stay in order.
//!
//! Source: dora issue 3288 and pull request 3289, 2026 (tensor pool).
//! Does not show: `write_volatile`, by which the generation was stored, and which is no atomic access;
//! several writers.

use super::rt::sync::atomic::{AtomicU32, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published: both fences are late.
    both_late: fails(Assertion).weak() => read_frame(true, true);
    /// The even number may be seen before the frame.
    writer_late: fails(Assertion).weak() => read_frame(true, false);
    /// The second look may come before the frame is read.
    reader_late: fails(Assertion).weak() => read_frame(false, true);
    /// As fixed.
    fixed: holds() => read_frame(false, false);
}

fn read_frame(writer_late: bool, reader_late: bool) {
    let [generation, left, right] = [0; 3].map(AtomicU32::new);
    thread::scope(|s| {
        s.spawn(|| {
            generation.store(1, Relaxed); // Relaxed: the fence puts it before the frame
            fence(Release); // Release: pairs with the reader's second fence, by the words of the frame
            left.store(7, Relaxed); // Relaxed: published by the fence
            right.store(7, Relaxed); // Relaxed: published by the fence
            if !writer_late {
                fence(Release); // Release: pairs with the reader's first fence, by the even number
            }
            generation.store(2, Relaxed); // Relaxed: the fence before it publishes
            if writer_late {
                fence(Release); // Release: for a store that never comes
            }
        });
        s.spawn(|| {
            let before = generation.load(Relaxed); // Relaxed: the fence after it acquires
            fence(Acquire); // Acquire: pairs with the writer's second fence
            let frame = (left.load(Relaxed), right.load(Relaxed)); // Relaxed: the fence after it acquires
            if !reader_late {
                fence(Acquire); // Acquire: pairs with the writer's first fence
            }
            let after = generation.load(Relaxed); // Relaxed: the fence before it puts it behind the frame
            if reader_late {
                fence(Acquire); // Acquire: for loads that never come
            }
            if before == after && before % 2 == 0 {
                assert_eq!(frame.0, frame.1, "a torn frame passes the check");
            }
        });
    });
}
