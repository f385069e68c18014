//! A counter of work in flight must not go down before the work is where others look for it.
//!
//! Shape: a producer has an entry in flight. It counts the entry out and then pushes it to the
//! queue. The consumer that shuts down waits for nothing to be in flight and drains the queue for
//! the last time. In between the entry is neither in flight nor in the queue, and is lost.
//!
//! Source: metrique pull request 338 (found by shuttle before it was released).
//! Does not show: waiting; a consumer that finds something in flight drains later.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::thread;

cases! {
    /// As written first.
    count_then_push: fails(Assertion) => shut_down(true);
    /// As fixed.
    push_then_count: holds() => shut_down(false);
}

fn shut_down(count_first: bool) {
    let (in_flight, queue) = (AtomicU32::new(1), Mutex::new(Vec::new()));
    // Relaxed: the lock orders it; who drains before the push has looked before the decrement
    let count_out = || in_flight.fetch_sub(1, Relaxed);
    let last_drain = thread::scope(|s| {
        s.spawn(|| {
            if count_first {
                count_out();
            }
            queue.lock().unwrap().push(7);
            if !count_first {
                count_out();
            }
        });
        let consumer = s.spawn(|| {
            let idle = in_flight.load(Relaxed) == 0; // Relaxed: as above
            idle.then(|| queue.lock().unwrap().pop())
        });
        consumer.join().unwrap()
    });
    assert_ne!(last_drain, Some(None), "nothing is in flight and nothing is in the queue");
}
