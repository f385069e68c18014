//! A static that is filled in at first use by hand is seen half made, unless a flag says that it is whole, and that is set last.
//!
//! Shape: two numbers in statics are filled in by whoever finds a flag down. Both threads may do it at once: they
//! write the same, so that is no harm. The flag must be raised behind the numbers, by Release, and looked at by
//! Acquire. Raised first, it keeps the second thread from writing, which then sees zeros, or one of them.
//!
//! Source: Bos, Rust Atomics and Locks, 2023, chapter 2 (lazy initialization of one number, where no flag is
//! needed) and chapter 3 (of more); Rust std, `OnceLock`.
//! Minimal: `get: READY.load` Acquire, `get: READY.store` Release (Bos, Rust Atomics and Locks, 2023, chapter 3).
//! Does not show: a value that must be made once, for which see `once_by_hand`.

use super::rt::sync::OnceLock;
use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering, Ordering::*};
use super::rt::{Static, thread};

cases! {
    /// The weakest orderings that hold.
    sound: holds() => get_twice(|| get([Acquire, Release], false));
    /// The flag is seen, and the numbers are not.
    relaxed_look: fails(Assertion).weak() => get_twice(|| get([Relaxed, Release], false));
    /// The flag may be seen before the numbers are.
    relaxed_flag: fails(Assertion).weak() => get_twice(|| get([Acquire, Relaxed], false));
    /// The flag is raised before there is anything to see.
    flag_first: fails(Assertion) => get_twice(|| get([Acquire, Release], true));
    /// The library's own.
    once_lock: holds() => get_twice(|| *WHOLE.get_or_init(|| (3, 4)));
}

static READY: Static<AtomicBool> = Static::new(|| AtomicBool::new(false));
static LOW: Static<AtomicU32> = Static::new(|| AtomicU32::new(0));
static HIGH: Static<AtomicU32> = Static::new(|| AtomicU32::new(0));
static WHOLE: Static<OnceLock<(u32, u32)>> = Static::new(OnceLock::new);

fn get([look, done]: [Ordering; 2], flag_first: bool) -> (u32, u32) {
    // Acquire: pairs with the store of who filled them in
    if !READY.load(look) {
        if flag_first {
            READY.store(true, Relaxed); // pairs with nothing: the flaw is that it comes first
        }
        // Relaxed, both: the flag publishes them
        LOW.store(3, Relaxed);
        HIGH.store(4, Relaxed); // Relaxed: as above
        READY.store(true, done); // Release: Relaxed could be seen before the numbers are
    }
    (LOW.load(Relaxed), HIGH.load(Relaxed)) // Relaxed: the flag was in front of them
}

fn get_twice(get: impl Fn() -> (u32, u32) + Sync) {
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| assert_eq!(get(), (3, 4), "half of it"));
        }
    });
}
