//! A fence can carry either end of a publication, if it stands on the right side of the flag.
//!
//! Shape: MP with the flag Relaxed where a fence takes over. A Release fence covers the stores
//! *after* it, an Acquire fence the loads *before* it: the writer's stands between data and flag,
//! the reader's between flag and data. Fence to fence, fence to access and access to fence all
//! synchronise, but always through one atomic: fences without a flag between them order nothing.
//!
//! Source: ISO C++20 [atomics.fences] p2–p4.
//! Minimal: `release_fence: flag.load` Acquire, `acquire_fence: flag.store` Release,
//! `raise_after_fence: fence` Release, `look_before_fence: fence` Acquire (ISO C++20
//! [atomics.fences] p2–p4).
//! Does not show: that a fence is cheaper; it orders more than the access it replaces.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// Fence to fence: the flag itself is Relaxed at both ends.
    both_fences: holds() => publish(raise_after_fence, look_before_fence);
    /// Fence to access.
    release_fence: holds()
        // Acquire: pairs with the writer's fence
        => publish(raise_after_fence, |flag| flag.load(Acquire));
    /// Access to fence.
    acquire_fence: holds()
        // Release: pairs with the reader's fence
        => publish(|flag| flag.store(true, Release), look_before_fence);
    /// A Release fence after the flag is too late: the flag is already up.
    release_fence_too_late: fails(DataRace)
        => publish(|flag| { flag.store(true, Relaxed); fence(Release) }, look_before_fence);
    /// An Acquire fence before the flag is read is too early: it has seen nothing yet.
    acquire_fence_too_early: fails(DataRace)
        => publish(raise_after_fence, |flag| { fence(Acquire); flag.load(Relaxed) });
    /// An Acquire fence publishes nothing.
    acquire_fence_in_writer: fails(DataRace)
        => publish(|flag| { fence(Acquire); flag.store(true, Relaxed) }, look_before_fence);
    /// A Release fence acquires nothing.
    release_fence_in_reader: fails(DataRace)
        => publish(raise_after_fence, |flag| { let up = flag.load(Relaxed); fence(Release); up });
}

fn raise_after_fence(flag: &AtomicBool) {
    fence(Release); // Release: pairs with the reader's fence or Acquire load
    flag.store(true, Relaxed); // Relaxed: the fence before it publishes
}

fn look_before_fence(flag: &AtomicBool) -> bool {
    let up = flag.load(Relaxed); // Relaxed: the fence after it acquires
    fence(Acquire); // Acquire: pairs with the writer's fence or Release store
    up
}

fn publish(raise: fn(&AtomicBool), look: fn(&AtomicBool) -> bool) {
    let (value, ready) = (UnsafeCell::new(0), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the flag goes up below, and the reader reads only when it is up.
            value.with_mut(|v| unsafe { *v = 42 });
            raise(&ready);
        });
        s.spawn(|| {
            if look(&ready) {
                // SAFETY: the one write came before the flag, and a pair of fences or accesses on
                // the right sides of it makes it happen before this read; on the wrong sides none
                // does.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}
