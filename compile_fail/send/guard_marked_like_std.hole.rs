//! Hole: the wrapper inherits whatever the feature made of the inner guard; that is the bug.

/// A lock crate's guard after some other crate in the build enabled its `send_guard` feature.
struct SendGuard<'a>(&'a u8);

struct Guard<'a> {
    inner: SendGuard<'a>,
}

fn move_guard(guard: Guard<'_>) {
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
