//! Fences order nothing between threads that do not communicate through an atomic.
//!
//! Shape: a writer of plain data puts a fence after it, a reader one before it. They synchronise
//! only if an atomic carries a value from one to the other: written after the writer's fence, read
//! before the reader's, and the reader must go on only if it did read it. Without that the accesses
//! race, whatever the fences; the single order of SeqCst fences is not a happens-before.
//!
//! Source: ISO C++20 [atomics.fences] p2 (a fence synchronises through an atomic), [intro.races]
//! p21.
//! Does not show: what SeqCst fences do order; see `store_buffering_fences`.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// The flag is read, and its value decides.
    flag_decides: holds() => publish([Release, Acquire], |flag| flag.load(Relaxed));
    /// The flag is read, but what it says is ignored.
    flag_ignored: fails(DataRace)
        => publish([Release, Acquire], |flag| { flag.load(Relaxed); true }); // Relaxed: the fence is what would order
    /// No flag is read at all.
    no_flag: fails(DataRace) => publish([Release, Acquire], |_| true);
    /// SeqCst fences have a single order, but that is no happens-before.
    no_flag_seq_cst: fails(DataRace)
        .misses(Loom, SeqCstFencesSynchronise)
        => publish([SeqCst; 2], |_| true);
}

fn publish([writer_fence, reader_fence]: [Ordering; 2], may_read: fn(&AtomicBool) -> bool) {
    let (value, ready) = (UnsafeCell::new(0), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: a reader whom the flag lets through reads later; one that goes on regardless
            // may be reading now.
            value.with_mut(|v| unsafe { *v = 42 });
            fence(writer_fence); // Release: pairs with the reader's fence, through the flag
            ready.store(true, Relaxed); // Relaxed: the fence before it publishes
        });
        s.spawn(|| {
            let go = may_read(&ready); // Relaxed: the fence after it acquires
            fence(reader_fence); // Acquire: pairs with the writer's fence, through the flag
            if go {
                // SAFETY: only if the load before the fence read the store after the writer's fence
                // do the two synchronise; without it the fences order nothing.
                value.with(|v| unsafe { *v });
            }
        });
    });
}
