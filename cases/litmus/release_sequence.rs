//! A release sequence survives read-modify-writes of any thread and ordering, but no plain store.
//!
//! Shape: MP, where something happens to the flag between the writer's Release store and the
//! reader's Acquire load. A reader that sees the value of a read-modify-write, or of a chain of
//! them, still synchronises with the store that heads the chain. A Relaxed store begins anew, even
//! by the writer itself: C++11 let the same thread's stores continue the sequence, C++20 and Rust
//! do not.
//!
//! Source: ISO C++20 [intro.races] p5; Boehm, Giroux and Vafeiadis, P0982R1, 2018.
//! Minimal: `release: flag.store` Release, `headed_by_fence: fence` Release, `headed_by_rmw:
//! flag.fetch_add` Release, `add: flag.fetch_add` Relaxed, `relay: flag.load` Acquire (ISO C++20
//! [intro.races] p5 and [atomics.fences] p3).
//! Does not show: that the thread in the middle sees the data; it acquires nothing.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicU32, Ordering::*, fence};
use super::rt::thread;

cases! {
    /// A Relaxed fetch_add of another thread is read, and the writer's Release with it.
    kept_by_rmw: holds() => relay(release, add, 2);
    /// A chain of them, too.
    kept_by_chain: holds() => relay(release, |flag| { add(flag); add(flag) }, 3);
    /// A Release fence heads a sequence as well, at the Relaxed store after it.
    headed_by_fence: holds()
        // Release: pairs with the reader's load
        => relay(|flag| { fence(Release); relaxed(flag) }, add, 2);
    /// A read-modify-write heads one like a store.
    headed_by_rmw: holds()
        // Release: pairs with the reader's load
        => relay(|flag| { flag.fetch_add(1, Release); }, add, 2);
    /// The same thread's Relaxed store ends it, since C++20.
    broken_by_own_store: fails(DataRace)
        // Relaxed: the flaw; it publishes nothing
        => relay(|flag| { release(flag); flag.store(2, Relaxed) }, |_| {}, 2);
    /// Another thread's Relaxed store ends it, even if that thread has seen the flag.
    broken_by_other_store: fails(DataRace)
        // Relaxed: the flaw; it publishes nothing
        => relay(release, |flag| if flag.load(Relaxed) == 1 { flag.store(2, Relaxed) }, 2);
    /// No Release at its head: there is no sequence to continue.
    no_release_at_head: fails(DataRace) => relay(relaxed, add, 2);
}

fn release(flag: &AtomicU32) {
    flag.store(1, Release); // Release: pairs with the reader's load
}

fn relaxed(flag: &AtomicU32) {
    flag.store(1, Relaxed); // Relaxed: publishes nothing by itself
}

fn add(flag: &AtomicU32) {
    flag.fetch_add(1, Relaxed); // Relaxed: continues the sequence whatever its ordering
}

/// The reader reads the data if the flag has reached `last`.
fn relay(head: fn(&AtomicU32), middle: fn(&AtomicU32), last: u32) {
    let (value, flag) = (UnsafeCell::new(0), AtomicU32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            // SAFETY: the reader reads only where it has seen the flag's last value, which comes
            // later.
            value.with_mut(|v| unsafe { *v = 42 });
            head(&flag);
        });
        s.spawn(|| middle(&flag));
        s.spawn(|| {
            // Acquire: pairs with the Release at the head of the sequence
            if flag.load(Acquire) == last {
                // SAFETY: the value that was read continues the sequence that the writer's Release
                // heads, so its write happens before this; a plain store in between cuts it off.
                assert_eq!(value.with(|v| unsafe { *v }), 42);
            }
        });
    });
}
