//! Only one reader at a time may hope to become the writer: two that wait for each other never do.
//!
//! Shape: a thread reads, decides, and wants to write with no gap between. Keeping the shared guard
//! while asking for the lock alone waits for itself; giving it up leaves a gap. An upgradable read
//! is shared with plain readers but not with another upgradable one, so its holder becomes the
//! writer as soon as the plain readers have left.
//!
//! Source: `parking_lot::RwLock::upgradable_read` documentation.
//! Does not show: the cost: upgradable readers exclude each other from the start.

use super::rt::parking_lot::{RwLock, RwLockUpgradableReadGuard};
use super::rt::thread;

cases! {
    /// The second upgradable reader comes when the first has written.
    upgrade: holds() => claim_by_two(|seat| {
        let seen = seat.upgradable_read();
        let free = seen.is_none();
        if free {
            *RwLockUpgradableReadGuard::upgrade(seen) = Some(());
        }
        free
    });
    /// A plain reader beside it only delays the upgrade.
    beside_a_reader: holds() => upgrade_beside_a_reader();
    /// The gap between giving up the shared lock and having it alone.
    gap: fails(Assertion) => claim_by_two(|seat| {
        let free = seat.read().is_none();
        if free {
            *seat.write() = Some(());
        }
        free
    });
    /// The thread waits for its own shared guard.
    write_while_reading: fails(Deadlock) => claim_by_two(|seat| {
        let seen = seat.read();
        let free = seen.is_none();
        if free {
            *seat.write() = Some(());
        }
        free
    });
}

fn claim_by_two(claim: impl Fn(&RwLock<Option<()>>) -> bool + Sync) {
    let seat = RwLock::new(None);
    thread::scope(|s| {
        let [left, right] = [(); 2].map(|()| s.spawn(|| claim(&seat)));
        assert!(left.join().unwrap() != right.join().unwrap(), "exactly one has the seat");
    });
}

fn upgrade_beside_a_reader() {
    let total = RwLock::new(0);
    thread::scope(|s| {
        s.spawn(|| *RwLockUpgradableReadGuard::upgrade(total.upgradable_read()) += 1);
        s.spawn(|| assert!(*total.read() <= 1));
    });
    assert_eq!(total.into_inner(), 1);
}
