//! Keeping a maximum is a read-modify-write: a comparison followed by a store can lower it.
//!
//! Shape: two threads report 1 and 2, and the mark must end at 2. After the comparison the other
//! thread may have stored the larger value, which a plain store then overwrites. `fetch_max` is one
//! step; a compare-exchange is as good if, on failure, it compares again with what it found. The
//! mark publishes nothing else, so Relaxed suffices.
//!
//! Source: ISO C++20 [atomics.order] p10; Rust std, `AtomicU32::fetch_max`.
//! Does not show: which event made the mark; that would have to travel with it, in one word.

use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// One step that compares and writes.
    fetch_max: holds() => report(|mark, value| {
        mark.fetch_max(value, Relaxed); // Relaxed: atomicity suffices
    });
    /// The same by hand: after a failure, compare again.
    compare_exchange_loop: holds() => report(|mark, value| {
        let mut seen = mark.load(Relaxed); // Relaxed: an older value only costs a turn
        while seen < value {
            // Relaxed: atomicity suffices.
            match mark.compare_exchange_weak(seen, value, Relaxed, Relaxed) {
                Ok(_) => break,
                Err(found) => seen = found,
            }
        }
    });
    /// The larger mark comes between the comparison and the store, and is overwritten.
    compare_then_store: fails(Assertion) => report(|mark, value| {
        if mark.load(SeqCst) < value { // SeqCst: to show that ordering does not help
            mark.store(value, SeqCst); // SeqCst: as above
        }
    });
    /// A failed exchange is taken for a larger mark, but it may have met a smaller one.
    gives_up_on_failure: fails(Assertion) => report(|mark, value| {
        let seen = mark.load(Relaxed); // Relaxed: only the value matters
        if seen < value {
            let _ = mark.compare_exchange(seen, value, Relaxed, Relaxed); // Relaxed: as above
        }
    });
}

fn report(raise: fn(&AtomicU32, u32)) {
    let mark = AtomicU32::new(0);
    thread::scope(|s| {
        for value in [1, 2] {
            let mark = &mark;
            s.spawn(move || raise(mark, value));
        }
    });
    // Relaxed: the scope's joins order both threads before this load.
    assert_eq!(mark.load(Relaxed), 2, "the mark was lowered");
}
