//! Publishing a value behind a ready flag needs Release on the store and Acquire on the load.
//!
//! Shape: MP. The writer fills a plain cell and raises a flag; the reader looks at the flag and, if
//! it is up, reads the cell. The Release store and the Acquire load that reads it synchronise, so
//! the write of the cell happens before the read. Weaken either side and nothing orders them.
//!
//! Source: ISO C++20 [intro.races] p7–p10; Boehm and Adve, PLDI 2008, section 4.
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
            // SAFETY: nobody reads before the flag is up; that is the claim under test.
            value.with_mut(|v| unsafe { *v = 42 });
            ready.store(true, store); // Release: pairs with the load in the reader
        });
        s.spawn(|| {
            // Acquire: pairs with the store in the writer
            if ready.load(load) {
                // SAFETY: the flag is up, so nobody writes any more; that is the claim under test.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}
