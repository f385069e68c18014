//! Hole: nothing ties the set to its thread, so its `Rc`-holding tasks travel along; that is the bug.

use std::ptr::NonNull;

struct Queue(NonNull<dyn Future<Output = ()>>);
// SAFETY: the queue's own links are guarded; its tasks stay on the thread that made the `LocalSet`.
unsafe impl Send for Queue {}

struct LocalSet {
    queue: Queue,
}

fn move_set(set: LocalSet) {
    hand_over(set);
}

fn hand_over<T: Send>(_value: T) {}

fn main() {}
