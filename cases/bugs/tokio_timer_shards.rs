//! A minimum taken shard by shard is out of date when it is stored.
//!
//! Shape: timers live in shards with a lock each. The driver, before it sleeps, takes the earliest
//! time of each shard in turn and stores the minimum as its next wake-up. Who inserts a timer
//! compares it with the stored wake-up and wakes the driver if it is earlier. A timer inserted into
//! a shard that was looked at already is compared with the old wake-up, and the driver sleeps past
//! it. All shards have to stay locked until the minimum is stored.
//!
//! Source: tokio pull request 6683.
//! Does not show: sleeping; the driver sleeps until the wake-up that it has stored.

use super::rt::sync::Mutex;
use super::rt::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use super::rt::thread;

const TIMER: u32 = 5;
const LATER: u32 = 9;

cases! {
    /// As published: a shard is unlocked once it has been looked at.
    one_by_one: fails(Assertion) => insert_while_stored(false);
    /// As fixed: every shard is locked until the minimum is stored.
    all_locked: holds() => insert_while_stored(true);
}

fn insert_while_stored(keep: bool) {
    let shards = [LATER, LATER].map(Mutex::new);
    // The wake-up that the driver has just come from.
    let (next_wake, woken) = (AtomicU32::new(1), AtomicBool::new(false));
    thread::scope(|s| {
        s.spawn(|| {
            let mut locked = Vec::new();
            let mut earliest = u32::MAX;
            for shard in &shards {
                let shard = shard.lock().unwrap();
                earliest = earliest.min(*shard);
                if keep {
                    locked.push(shard);
                }
            }
            next_wake.store(earliest, Relaxed); // Relaxed: ordered by the shards' locks, if at all
        });
        s.spawn(|| {
            let mut shard = shards[0].lock().unwrap();
            *shard = TIMER;
            // Relaxed: as above
            if TIMER < next_wake.load(Relaxed) {
                woken.store(true, Relaxed); // Relaxed: read after the end of the scope
            }
        });
    });
    let in_time = next_wake.into_inner() <= TIMER;
    assert!(in_time || woken.into_inner(), "the driver sleeps past a timer");
}
