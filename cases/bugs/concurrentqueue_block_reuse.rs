//! Who counts itself out last speaks for all, so it must acquire what the others have counted out.
//!
//! Shape: a block of two elements. Each consumer reads its element and counts itself out; the last one
//! puts the block on the free list, whence a producer takes it and writes the elements anew. Counting is
//! Release, so that what a consumer has read is over. But the last one does not acquire it, and what it
//! passes on by the free list is its own past alone. It takes an Acquire on the count, or a fence in
//! the branch of the last one.
//!
//! Source: concurrentqueue issue 404, 2024 (found by ThreadSanitizer; earlier reports were taken for false alarms).
//! Does not show: the queue; a free list of several blocks.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published.
    release_only: fails(DataRace) => reuse(Release, false);
    /// As proposed first.
    acquire_release: holds() => reuse(AcqRel, false);
    /// As proposed second: only the last one pays for it.
    fence_of_the_last: holds() => reuse(Release, true);
}

fn reuse(count_out: Ordering, fence_of_the_last: bool) {
    let block = [7, 8].map(UnsafeCell::new);
    let (done, is_free) = (AtomicUsize::new(0), AtomicBool::new(false));
    let consume = |index: usize| {
        // SAFETY: a producer writes it when both have counted themselves out; this one has done so with
        // Release, after its read, and that the other's is over is known if the last one acquires it.
        assert_eq!(block[index].with(|it| unsafe { *it }), 7 + index);
        // Release: pairs with the count of the last one. Acquire: of the last one, that half of the pair
        if done.fetch_add(1, count_out) == 1 {
            if fence_of_the_last {
                fence(Acquire); // Acquire: pairs with the other one's count
            }
            is_free.store(true, Release); // Release: pairs with the producer's load
        }
    };
    thread::scope(|s| {
        s.spawn(|| consume(0));
        s.spawn(|| consume(1));
        s.spawn(|| {
            // Acquire: pairs with the store of the last consumer
            if is_free.load(Acquire) {
                for element in &block {
                    // SAFETY: both consumers have counted themselves out; what the other one read is over for the last
                    // one if it acquired that, and so for this thread.
                    element.with_mut(|it| unsafe { *it = 9 });
                }
            }
        });
    });
}
