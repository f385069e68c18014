//! One Acquire fence acquires from every flag that was read before it, if each was raised with Release.
//!
//! Shape: several threads each write a value and raise a flag. A reader looks at all flags Relaxed,
//! fences once, and reads the values whose flags were up. A reader of the book asks whether the flags
//! may be raised Relaxed, as they are only read Relaxed: but the fence stands in for the loads alone, and
//! the other half of each pair is the store.
//!
//! Source: Bos, Rust Atomics and Locks, 2023, chapter 3 (the last example of fences);
//! rust-atomics-and-locks issue 50, 2024 (the question).
//! Minimal: `look_at_both: ready.store` Release, `look_at_both: fence` Acquire (ISO C++20
//! [atomics.fences] p4).
//! Does not show: that one fence is cheaper than many Acquire loads.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// As printed.
    as_printed: holds() => look_at_both(Release, true);
    /// As asked.
    relaxed_flags: fails(DataRace) => look_at_both(Relaxed, true);
    /// Before the looks the fence has nothing to acquire.
    fence_first: fails(DataRace) => look_at_both(Release, false);
}

fn look_at_both(raise: Ordering, fence_after: bool) {
    let (ready, values) = ([false; 2].map(AtomicBool::new), [0; 2].map(UnsafeCell::new));
    thread::scope(|s| {
        for (ready, value) in ready.iter().zip(&values) {
            s.spawn(move || {
                // SAFETY: the reader reads it if the flag is up, which is below.
                value.with_mut(|value| unsafe { *value = 7 });
                ready.store(true, raise); // Release: pairs with the fence, by the look at this flag
            });
        }
        s.spawn(|| {
            let acquire = || fence(Acquire); // Acquire: pairs with each store whose flag was seen before it
            if !fence_after {
                acquire();
            }
            let up = [0, 1].map(|i| ready[i].load(Relaxed)); // Relaxed: the fence acquires for it
            if fence_after && up.contains(&true) {
                acquire();
            }
            for i in (0..2).filter(|i| up[*i]) {
                // SAFETY: it was written before its flag went up with Release, and the fence came after the
                // look that saw it; a Relaxed store, or a fence before the look, carries nothing over.
                assert_eq!(values[i].with(|value| unsafe { *value }), 7);
            }
        });
    });
}
