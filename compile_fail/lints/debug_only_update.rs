//! A call that changes state inside `debug_assert!` is gone from release builds: the slot is claimed in tests only.
//!
//! Lint: clippy::debug_assert_with_mut_call
//! Source: clippy lint list, `debug_assert_with_mut_call`.

#![deny(clippy::debug_assert_with_mut_call)]

fn claim(slot: &mut bool) -> bool {
    !std::mem::replace(slot, true)
}

fn main() {
    let mut slot = false;
    debug_assert!(claim(&mut slot));
}
