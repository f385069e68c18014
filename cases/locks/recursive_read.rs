//! A thread that reads twice deadlocks if a writer comes to wait in between.
//!
//! Shape: a thread holds a reader–writer lock shared and takes it shared again, perhaps deep inside
//! a call. A lock that does not starve its writers holds new readers back while a writer waits. So
//! the second read waits for the writer, and the writer for the first read. parking_lot has another
//! lock that lets readers go ahead, and so starves writers; better is to pass the guard on.
//!
//! Source: `parking_lot::RwLock::read` documentation (`RecursiveRwLock` since 0.13); parking_lot
//! issue 212; `std::sync::RwLock::read` documentation (the same risk).
//! Does not show: a lock that prefers readers, under which it works, until the lock is changed.

use super::rt::parking_lot::RwLock;
use super::rt::thread;

cases! {
    /// The writer comes between the two reads of one thread: parking_lot issue 212.
    read_twice: fails(Deadlock) => read_beside_write(|lock| {
        let outer = lock.read();
        *outer == *lock.read()
    });
    /// One guard serves both uses.
    one_guard: holds() => read_beside_write(|lock| {
        let outer = lock.read();
        let inner = &*outer;
        *outer == *inner
    });
    /// The first guard is dropped before the second read; the value may change between.
    read_again: holds() => read_beside_write(|lock| {
        let before = *lock.read();
        before <= *lock.read()
    });
}

fn read_beside_write(read: impl Fn(&RwLock<u32>) -> bool + Sync) {
    let lock = RwLock::new(0);
    thread::scope(|s| {
        s.spawn(|| assert!(read(&lock)));
        s.spawn(|| *lock.write() += 1);
    });
}
