//! A set of tasks that never leave their thread must say so: a `Send` queue inside makes the whole set `Send`.
//!
//! Error: E0277
//! Source: tokio PR 2398 (`LocalSet`, before 0.2.18).

use std::ptr::NonNull;

struct Queue(NonNull<dyn Future<Output = ()>>);
// SAFETY: the queue's own links are guarded; its tasks stay on the thread that made the `LocalSet`.
unsafe impl Send for Queue {}

struct LocalSet {
    queue: Queue,
    /// Takes no room, and is not `Send`.
    not_send: [*const (); 0],
}

fn move_set(set: LocalSet) {
    hand_over(set);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
