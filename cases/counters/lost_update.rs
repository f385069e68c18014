//! Loading a counter and storing the sum loses updates, whatever the orderings.
//!
//! Shape: two threads each add one, by a load and a store. Between the two another thread's store
//! can come and is overwritten. An ordering says what is visible, not what is one step: SeqCst does
//! not make two operations one. A read-modify-write is one step, and Relaxed suffices for it.
//!
//! Source: ISO C++20 [atomics.order] p10 (a read-modify-write reads the last value).
//! Minimal (fetch_add_relaxed): `add_in_one_step: count.fetch_add` Relaxed (Bos, Rust Atomics and
//! Locks, 2023, chapter 2).
//! Does not show: which mistake the programmer made; the types allow all of these.

use super::rt::sync::atomic::{AtomicU32, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// SeqCst does not make a load and a store one step.
    load_store_seq_cst: fails(Assertion) => add_by_two_steps(SeqCst, SeqCst);
    /// Nor do weaker orderings.
    load_store_relaxed: fails(Assertion) => add_by_two_steps(Relaxed, Relaxed);
    /// A read-modify-write is one step; the count needs no ordering.
    fetch_add_relaxed: holds() => add_in_one_step(Relaxed);
    /// SeqCst holds as well, and asks for an order that the count does not use.
    fetch_add_seq_cst: holds()
        .slack("add_in_one_step: count.fetch_add", "Relaxed", "to show that the count needs none")
        => add_in_one_step(SeqCst);
}

fn add_by_two_steps(load: Ordering, store: Ordering) {
    let count = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let seen = count.load(load); // pairs with nothing: the flaw is the gap
                count.store(seen + 1, store); // pairs with nothing: the flaw is the gap
            });
        }
    });
    // Relaxed: the scope's joins order both threads before this load.
    assert_eq!(count.load(Relaxed), 2, "an update is lost");
}

fn add_in_one_step(order: Ordering) {
    let count = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            // Relaxed: atomicity needs no partner.
            s.spawn(|| count.fetch_add(1, order));
        }
    });
    // Relaxed: the scope's joins order both threads before this load.
    assert_eq!(count.load(Relaxed), 2, "an update is lost");
}
