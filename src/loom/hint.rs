//! Hints to the engine.

pub use std::hint::unreachable_unchecked;

/// Ends a round of a loop that waits for another thread.
#[track_caller]
#[inline(always)]
pub fn spin_loop() {
    rc11::hint::spin_loop();
}
