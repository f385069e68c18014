//! A grace period must begin after the old value can no longer be found.
//!
//! Shape: a reader makes its epoch odd while it reads. The writer takes the pointer away, waits for
//! those whose epoch was odd, and frees. It reused epochs that it had read earlier, at its last
//! publication: a reader that came in between is not among those it waits for. The epochs have to
//! be read after the pointer was taken away.
//!
//! Source: left-right issue 144 and pull request 153 (WriteHandle's drop).
//! Does not show: waiting; a writer that finds a reader inside leaves the value to the end.

use super::rt::boxed::Box;
use super::rt::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As published: the epoch was read before.
    epoch_before: fails(UseAfterFree) => read_while_dropped(true);
    /// As fixed.
    epoch_after: holds()
        .slack("read_while_dropped: current.load", "Relaxed", "as published; no map is swapped in")
        .slack("read_while_dropped: current.swap", "Relaxed", "as published; no map is swapped in")
        => read_while_dropped(false);
}

fn read_while_dropped(before: bool) {
    let value = Box::into_raw(Box::new(AtomicU32::new(7)));
    let (current, epoch) = (AtomicPtr::new(value), AtomicU32::new(0));
    let reading = || epoch.load(Acquire) % 2 == 1; // Acquire: pairs with the end of a reading
    // SAFETY: it is freed once, by the writer or at the end.
    let free = |value| drop(unsafe { Box::from_raw(value) });
    let left = thread::scope(|s| {
        s.spawn(|| {
            epoch.store(1, Relaxed); // Relaxed: ordered by the fence
            fence(SeqCst); // SeqCst: pairs with the writer's fence
            let value = current.load(Acquire); // Acquire: pairs with the writer's swap
            if !value.is_null() {
                // SAFETY: a writer that takes this pointer away and looks at the epoch afterwards
                // finds it odd, and waits; one that has looked before does not.
                assert_eq!(unsafe { &*value }.load(Relaxed), 7); // Relaxed: nobody writes it
            }
            epoch.store(2, Release); // Release: pairs with the writer's load
        });
        let writer = s.spawn(|| {
            let early = reading();
            let value = current.swap(std::ptr::null_mut(), Release); // Release: pairs with the load
            fence(SeqCst); // SeqCst: pairs with the reader's fence
            let inside = if before { early } else { reading() };
            if !inside {
                free(value);
            }
            inside
        });
        writer.join().unwrap()
    });
    if left {
        free(value);
    }
}
