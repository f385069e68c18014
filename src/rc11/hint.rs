//! The spin-loop hint, which tells the checker where a loop waits.

use std::panic::Location;

use super::shadow;

/// Marks an iteration of a loop that waits for another thread.
///
/// If the thread, given the same values again, would only come round to this hint again, it waits for another value, and what other values
/// lead to is explored where they are read. A loop that gives up by itself is explored as it is, unless it first comes round 200 times: that one
/// is taken to wait for ever.
#[track_caller]
#[inline(always)]
pub fn spin_loop() {
    shadow::hint(Location::caller());
}
