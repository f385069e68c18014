//! Hints to the engine.

/// Marks what is never reached, as [`std::hint::unreachable_unchecked`] does; but an execution that reaches it fails.
///
/// # Safety
/// None is needed. It is unsafe as the one of `std` is, for which it stands in a model.
///
/// # Panics
/// Always.
#[track_caller]
pub unsafe fn unreachable_unchecked() -> ! {
    panic!("unreachable_unchecked was reached!");
}

/// Ends a round of a loop that waits for another thread.
#[track_caller]
#[inline(always)]
pub fn spin_loop() {
    rc11::hint::spin_loop();
}
