//! A sharded counter is exact once its threads are joined, and an estimate while they run.
//!
//! Shape: every thread has a shard of its own, and the sum is the count. A shard with one writer
//! needs no read-modify-write; one that two threads share does. Nothing makes reading all shards
//! one step: a unit that moves from one shard to another meanwhile is counted twice or not at all,
//! in whatever ordering, so that the sum is a number the counter never had.
//!
//! Source: McKenney, "Is Parallel Programming Hard", ch. 5 (statistical counters).
//! Does not show: the cost of sharing a cache line, which is the reason for sharding.

use super::rt::sync::atomic::{AtomicI32, Ordering::*};
use super::rt::thread;

cases! {
    /// One writer a shard: a load and a store suffice.
    own_shards: holds() => count([0, 1]);
    /// Two threads that hash to one shard lose an update.
    shared_shard: fails(Assertion) => count([0, 0]);
    /// One unit moves while another thread adds up: the true sum is 1 at every moment but the one
    /// between the two steps, when it is 2.
    sum_while_moving: observes()
        .required([1, 2])
        .interesting(0, "the sum reads the new shard before the unit comes, the old one after")
        => move_and_sum();
}

fn count(shard_of_thread: [usize; 2]) {
    let shards = [AtomicI32::new(0), AtomicI32::new(0)];
    thread::scope(|s| {
        for shard in shard_of_thread {
            let shard = &shards[shard];
            s.spawn(move || {
                let mine = shard.load(Relaxed); // Relaxed: nobody else writes this shard
                shard.store(mine + 1, Relaxed); // Relaxed: the joins publish it
            });
        }
    });
    // Relaxed: the scope's joins order all stores before these loads.
    let sum: i32 = shards.iter().map(|shard| shard.load(Relaxed)).sum();
    assert_eq!(sum, 2, "an update is lost");
}

fn move_and_sum() -> i32 {
    let (old, new) = (AtomicI32::new(1), AtomicI32::new(0));
    thread::scope(|s| {
        s.spawn(|| {
            new.store(1, SeqCst); // SeqCst: to show that the strongest ordering does not help
            old.store(0, SeqCst); // SeqCst: as above
        });
        // SeqCst: two loads are not one step in any ordering.
        s.spawn(|| new.load(SeqCst) + old.load(SeqCst)).join().unwrap()
    })
}
