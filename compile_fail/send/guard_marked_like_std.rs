//! A wrapper that must stay on its thread marks itself: a feature set elsewhere may make its inner guard `Send`.
//!
//! Error: E0277
//! Source: tokio PR 4359 (feature `parking_lot/send_guard` unified into tokio, before 1.16.0).

use std::sync::MutexGuard;

/// A lock crate's guard after some other crate in the build enabled its `send_guard` feature.
struct SendGuard<'a>(&'a u8);

struct Guard<'a> {
    inner: SendGuard<'a>,
    /// Takes no room, and is `Send` exactly when std's guard is: never.
    like_std: [MutexGuard<'a, ()>; 0],
}

fn move_guard(guard: Guard<'_>) {
    hand_over(guard);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
