//! What a thread keeps for itself is there for others when its thread-locals are dropped, and a join waits for that.
//!
//! Shape: each thread counts in a thread-local, whose destructor adds the count to a static total. It runs at
//! the thread's end, after the closure has returned. So who joins the threads sees all of it, and who waits
//! for the closure's last step may see none.
//!
//! Source: Rust std, `LocalKey` (values are dropped when a thread exits); rust issue 127571, 2024 (that a join waits
//! for destructors is so, and not promised yet).
//! Does not show: the implicit end of a scope, which does not wait for them, see `std_scope_thread_local`.

use super::rt::hint;
use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::{Static, thread, thread_local};
use core::cell::Cell;

cases! {
    /// The sum is looked at after the join.
    joined: holds() => sum_after_threads(true);
    /// The sum is looked at when both have done their work.
    work_done: fails(Assertion) => sum_after_threads(false);
}

static TOTAL: Static<AtomicU32> = Static::new(|| AtomicU32::new(0));

thread_local! {
    static COUNT: Count = const { Count(Cell::new(0)) };
}

struct Count(Cell<u32>);

impl Drop for Count {
    fn drop(&mut self) {
        TOTAL.fetch_add(self.0.get(), Relaxed); // Relaxed: the join orders it
    }
}

fn sum_after_threads(joins: bool) {
    let done = [false; 2].map(AtomicBool::new);
    thread::scope(|s| {
        let threads = [0, 1].map(|me: usize| {
            let done = &done[me];
            s.spawn(move || {
                (0..2).for_each(|_| COUNT.with(|count| count.0.set(count.0.get() + 1)));
                done.store(true, Relaxed); // Relaxed: the count comes after it, and no ordering helps
            })
        });
        for (thread, done) in threads.into_iter().zip(&done) {
            if joins {
                thread.join().unwrap();
            } else {
                // Relaxed: as above
                while !done.load(Relaxed) {
                    hint::spin_loop();
                }
            }
        }
        // Relaxed: the joins are in front of it
        assert_eq!(TOTAL.load(Relaxed), 4, "counts are missing");
    });
}
