//! A constructor called under a read lock must not take the same lock again.
//!
//! Shape: a thread holds a reader–writer lock shared and makes an object that takes it shared too,
//! while another thread comes to write. `std` does not say whether a writer that waits holds back later
//! readers. Where it does, the second read waits for the writer, and the writer for the first read.
//!
//! Source: turso pull request 4509, 2026; zuban issue 314, 2026 (the same in a language server, whose author
//! had searched for hours); `std::sync::RwLock` documentation (its priority policy, and the deadlock it draws).
//! Does not show: a lock that always lets readers in, under which it works, and writers starve.

use super::rt::sync::RwLock;
use super::rt::thread;

cases! {
    /// As published: making the file reads the log that is read already.
    nested: fails(Deadlock).skips(Loom, NotModelled) => make_beside_write(|log| {
        let outer = log.read().unwrap();
        *outer == *log.read().unwrap()
    });
    /// As fixed: what the inner call needs is passed to it.
    passed_in: holds() => make_beside_write(|log| {
        let outer = log.read().unwrap();
        let number = *outer;
        *outer == number
    });
}

fn make_beside_write(make: impl Fn(&RwLock<u32>) -> bool + Sync) {
    let log = RwLock::new(0);
    thread::scope(|s| {
        s.spawn(|| assert!(make(&log)));
        s.spawn(|| *log.write().unwrap() += 1);
    });
}
