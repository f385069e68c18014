//! A sharded map's guard must be gone before another key of the same map is written.
//!
//! Shape: a map in shards, each under a reader–writer lock; `get` returns a guard that keeps its
//! shard locked. Two threads each hold what they got and insert into the other's shard: both wait
//! for ever. If the keys fall into one shard, one thread is enough. Copying the value out ends the
//! guard first; who needs both shards locked takes them in the order of their numbers.
//!
//! Source: dashmap's docs (`get`, `insert`: may deadlock while a reference into the map is held);
//! dashmap issue 369.
//! Does not show: that the types allow all of these; no lint warns.

use super::rt::sync::RwLock;
use super::rt::thread;

cases! {
    /// The guard lives to the end of the statement that inserts: dashmap issue 369.
    guard_held: fails(Deadlock) => cross(|shards, from, to| {
        let value = shards[from].read().unwrap();
        *shards[to].write().unwrap() += *value;
    });
    /// The value is copied and the guard gone before the other shard is locked.
    copied_out: holds() => cross(|shards, from, to| {
        let value = *shards[from].read().unwrap();
        *shards[to].write().unwrap() += value;
    });
    /// Both locked, the lower number first.
    in_order: holds() => cross(|shards, from, to| {
        let mut lower = shards[from.min(to)].write().unwrap();
        let mut higher = shards[from.max(to)].write().unwrap();
        if from < to { *higher += *lower } else { *lower += *higher }
    });
    /// Two keys of one shard: the thread waits for its own guard.
    same_shard: fails(Deadlock) => {
        let shard = RwLock::new(1);
        let value = shard.read().unwrap();
        *shard.write().unwrap() += *value;
    };
}

fn cross(copy: fn(&[RwLock<u32>; 2], usize, usize)) {
    let shards = [RwLock::new(1), RwLock::new(1)];
    thread::scope(|s| {
        s.spawn(|| copy(&shards, 0, 1));
        s.spawn(|| copy(&shards, 1, 0));
    });
    for shard in shards {
        assert!(shard.into_inner().unwrap() > 1, "an insertion is missing");
    }
}
