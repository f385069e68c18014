//! Fixed: the call always happens and only the check is for debug builds.

#![deny(clippy::debug_assert_with_mut_call)]

fn claim(slot: &mut bool) -> bool {
    !std::mem::replace(slot, true)
}

fn main() {
    let mut slot = false;
    let claimed = claim(&mut slot);
    debug_assert!(claimed);
}
