//! A count must be able to hold as many as there can be at once.
//!
//! Shape: threads count themselves in, and nobody leaves. The count has the upper half of a byte, as
//! where a state shares its word with flags: the sixteenth makes it nought, and somebody takes that
//! for "nobody is here". Where the count may be exceeded it has to be checked before it is raised.
//!
//! Source: Rust std, `Arc::clone` (aborts before the count wraps); sharded-slab issue 22.
//! Does not show: what is done to those who are not counted; sharded_slab_count_wrap frees under
//! them.

use super::rt::sync::atomic::{AtomicU8, Ordering::*};
use super::rt::thread;

cases! {
    /// Sixteen in four bits: more threads than loom and shuttle have.
    half_a_byte: fails(Assertion).skips(Loom, ThreadLimit).skips(Shuttle, ThreadLimit)
        => count_in(16, 1 << 4);
    /// Three in eight bits.
    whole_byte: holds() => count_in(3, 1);
}

fn count_in(threads: usize, one: u8) {
    let count = AtomicU8::new(0);
    thread::scope(|s| {
        for _ in 0..threads {
            s.spawn(|| count.fetch_add(one, Relaxed)); // Relaxed: only the sum matters
        }
    });
    // Relaxed: the joins order every addition before it
    assert_ne!(count.load(Relaxed), 0, "nobody seems to be here");
}
