//! A consumer that compares two cursors must read first the one that runs behind, and acquire it.
//!
//! Shape: a ring's producer moves the tail on; two consumers each read the head and then the tail, and
//! take one message, if there is one, by an exchange on the head. Nothing kept the two loads in order.
//! If the other consumer moves the head on in between, this one may have the new head and the old tail,
//! of less than nothing, and takes what was never put in. The fix acquires the head; the exchange that
//! moved it must release then, and it is the tail that it hands on.
//!
//! Source: odp pull request 636, 2018 (seen on Arm with more than 64 cores).
//! Does not show: the messages; a ring that is full, see `freebsd_buf_ring`.

use super::rt::sync::atomic::{AtomicUsize, Ordering, Ordering::*};
use super::rt::thread;

cases! {
    /// As published: the load of the tail may come first.
    relaxed_head: fails(Assertion).weak() => consume([Relaxed, Release]);
    /// As fixed.
    acquire_head: holds() => consume([Acquire, Release]);
    /// There is nothing to acquire if the exchange does not release.
    relaxed_exchange: fails(Assertion).weak() => consume([Acquire, Relaxed]);
}

fn consume([look, advance]: [Ordering; 2]) {
    let (head, tail) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let dequeue = || {
        let first = head.load(look); // Acquire: pairs with the exchange: who moved the head had seen the tail
        let end = tail.load(Relaxed); // Relaxed: there are no messages here to acquire
        assert!(first <= end, "the ring holds less than nothing");
        if first < end {
            // Release: pairs with the load of the head. Relaxed: who loses gives up
            let _ = head.compare_exchange(first, first + 1, advance, Relaxed);
        }
    };
    thread::scope(|s| {
        s.spawn(|| tail.store(1, Relaxed)); // Relaxed: as the load
        s.spawn(dequeue);
        s.spawn(dequeue);
    });
}
