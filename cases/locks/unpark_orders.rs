//! An unpark orders what was before it for a park that takes the token, and for nothing else.
//!
//! Shape: a thread writes plain data, unparks another one and sets a flag. The other one never parks; it
//! looks at the flag, and reads the data where it is set. The token it was given says nothing to it, so
//! the flag has to order the read. And a thread that is unparked while it joins goes on joining.
//!
//! Source: `std::thread::park` documentation ("Memory Ordering": calls to unpark synchronize-with calls to
//! park); loom 0.7.2, `Thread::unpark` in its `rt/thread.rs`, for what loom does in place of that.
//! Does not show: a token that is taken (`park_token`). `engine_unpark` is loom's own, where `unpark` in
//! this corpus is not.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering, Ordering::*};
use super::rt::thread::{self, engine_unpark};

cases! {
    /// The flag orders: Release to Acquire.
    acquire: holds() => unparked_reader(Acquire);
    /// Only the token, which nobody takes, could order.
    relaxed: fails(DataRace).misses(Loom, UnparkOrders) => unparked_reader(Relaxed);
    /// A token for a thread that waits in a join is no end of the join.
    while_joining: holds().skips(Loom, UnparkWakesJoin) => unpark_joiner();
}

fn unparked_reader(look: Ordering) {
    let (set, data) = (AtomicBool::new(false), UnsafeCell::new(0));
    thread::scope(|s| {
        let reader = s.spawn(|| {
            // The parameter: Acquire pairs with the store of the flag; Relaxed orders nothing.
            if set.load(look) {
                // SAFETY: written before the flag was set; with Relaxed that is no order: the race.
                assert_eq!(data.with(|p| unsafe { *p }), 1);
            }
        });
        let reader = reader.thread().clone();
        let (set, data) = (&set, &data);
        s.spawn(move || {
            // SAFETY: the reader reads after it has seen the flag, which with Relaxed is no order.
            data.with_mut(|p| unsafe { *p = 1 });
            engine_unpark(&reader);
            set.store(true, Release); // Release: pairs with the reader's load; weaker, the data may be unwritten
        });
    });
}

fn unpark_joiner() {
    let me = thread::current();
    thread::spawn(move || engine_unpark(&me)).join().unwrap();
}
