//! Publishing a value behind a ready flag needs Release on the store and Acquire on the load.
//!
//! Shape: MP. The writer fills a plain cell and raises a flag; the reader looks at the flag and, if
//! it is up, reads the cell. The Release store and the Acquire load that reads it synchronise, so
//! the write of the cell happens before the read. Weaken either side and nothing orders them.
//!
//! Source: ISO C++20 [intro.races] p6, p9 and p10, [atomics.order] p2; Boehm and Adve, PLDI 2008,
//! section 4.
//! Minimal (release_acquire): `publish: ready.store` Release, `publish: ready.load` Acquire (Bos,
//! Rust Atomics and Locks, 2023, chapter 3).
//! Does not show: that the reader ever sees the flag; nothing makes it wait.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// Whoever sees the flag sees the value.
    release_acquire: holds() => publish(Release, Acquire);
    /// The flag is raised without publishing what came before it.
    relaxed_store: fails(DataRace) => publish(Relaxed, Acquire);
    /// The flag is seen without acquiring what was published.
    relaxed_load: fails(DataRace) => publish(Release, Relaxed);
    /// The flag orders nothing on either side.
    relaxed: fails(DataRace) => publish(Relaxed, Relaxed);
    /// SeqCst contains what is needed, and more than is needed.
    seq_cst: holds()
        .slack("publish: ready.store", "Release", "to show that SeqCst contains Release")
        .slack("publish: ready.load", "Acquire", "to show that SeqCst contains Acquire")
        => publish(SeqCst, SeqCst);
}

fn publish(store: Ordering, load: Ordering) {
    let (value, ready) = (UnsafeCell::new(0), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the flag goes up below, and the reader reads only when it is up.
            value.with_mut(|v| unsafe { *v = 42 });
            // Release: pairs with the load in the reader; Relaxed lets the flag be seen before the
            // value. SeqCst adds a place in the single order, which nobody asks for.
            ready.store(true, store);
        });
        s.spawn(|| {
            // Acquire: pairs with the store in the writer; Relaxed lets the cell be read before the
            // flag.
            if ready.load(load) {
                // SAFETY: the one write came before the flag; but it takes the Release and the
                // Acquire to make it happen before this read.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}
