//! A reader–writer lock gives readers whole updates, and a writer must decide under the write lock.
//!
//! Shape: a writer changes two fields under the write lock while readers compare them under the
//! read lock: no reader sees half an update. A counter that is read under the read lock and written
//! back under the write lock loses updates, since other writers come between; holding the read lock
//! while asking for the write lock waits for oneself.
//!
//! Source: Courtois, Heymans and Parnas, CACM 14(10), 1971; Rust std, `RwLock`.
//! Does not show: who goes first, which `std` leaves to the platform.

use super::rt::sync::RwLock;
use super::rt::thread;

cases! {
    /// Two readers never see half of what the writer writes.
    readers_and_writer: holds() => readers_and_writer();
    /// The whole addition is under the write lock.
    write_lock: holds() => count(|count| *count.write().unwrap() += 1);
    /// The read guard is gone before the write lock is taken, and others write in between.
    read_then_write: fails(Assertion) => count(|count| {
        let seen = *count.read().unwrap();
        *count.write().unwrap() = seen + 1;
    });
    /// The read guard lives while the write lock is asked for.
    write_while_reading: fails(Deadlock) => count(|count| {
        let seen = count.read().unwrap();
        *count.write().unwrap() = *seen + 1;
    });
}

fn readers_and_writer() {
    let pair = RwLock::new((0, 0));
    thread::scope(|s| {
        s.spawn(|| {
            let mut pair = pair.write().unwrap();
            pair.0 += 1;
            pair.1 += 1;
        });
        for _ in 0..2 {
            s.spawn(|| {
                let pair = pair.read().unwrap();
                assert_eq!(pair.0, pair.1, "half an update is seen");
            });
        }
    });
    assert_eq!(pair.into_inner().unwrap(), (1, 1));
}

fn count(add: fn(&RwLock<u32>)) {
    let total = RwLock::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| add(&total));
        }
    });
    assert_eq!(total.into_inner().unwrap(), 2, "an update is lost");
}
