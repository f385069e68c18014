//! A reader that becomes a writer must not let go of the lock, and only one may try at a time.
//!
//! Shape: two threads each insert a key if it is missing. Giving the read lock up and taking the
//! write lock lets the other insert in between. Keeping the read lock and waiting for the other
//! readers to leave is right for one thread; two of them wait for each other. An upgradable read
//! lock shares with plain readers and excludes a second upgrader, so that one waits before it has
//! looked.
//!
//! Source: parking_lot, `RwLock::upgradable_read`; Courtois, Heymans and Parnas, CACM 14(10), 1971.
//! Does not show: that `std` has no upgrade; see `rwlock_counter` for asking while reading.

use super::rt::parking_lot::{RwLock, RwLockUpgradableReadGuard};
use super::rt::sync::atomic::{AtomicU32, Ordering::*};
use super::rt::{hint, thread};

/// The word of [`both_upgrade`] while a writer holds it; smaller numbers count readers.
const WRITER: u32 = u32::MAX;

cases! {
    /// What the upgradable reader has looked at stays true until it has written.
    upgradable_read: holds() => insert_twice(|keys| {
        let found = keys.upgradable_read();
        if found.is_empty() {
            RwLockUpgradableReadGuard::upgrade(found).push(7);
        }
    });
    /// Between the read guard and the write guard the other thread inserts the key as well.
    unlocked_between: fails(Assertion) => insert_twice(|keys| {
        let missing = keys.read().is_empty();
        if missing {
            keys.write().push(7);
        }
    });
    /// Two readers that both keep their share wait for each other to leave.
    both_upgrade: fails(Livelock).misses(Loom, NoLivelockDetection) => both_upgrade(2);
    /// One reader that upgrades by itself finds nobody to wait for.
    one_upgrades: holds() => both_upgrade(1);
}

fn insert_twice(insert: fn(&RwLock<Vec<u32>>)) {
    let keys = RwLock::new(Vec::new());
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| insert(&keys));
        }
    });
    assert_eq!(keys.into_inner(), [7], "the key is there twice");
}

fn both_upgrade(upgraders: u32) {
    let word = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..upgraders {
            s.spawn(|| {
                let enter = |word| (word != WRITER).then(|| word + 1);
                // Relaxed, here and below: no data is behind the word, which is all that is shared
                while word.fetch_update(Relaxed, Relaxed, enter).is_err() {
                    hint::spin_loop();
                }
                // Relaxed: as above
                while word.compare_exchange(1, WRITER, Relaxed, Relaxed).is_err() {
                    hint::spin_loop();
                }
                word.store(0, Relaxed); // Relaxed: as above
            });
        }
    });
}
