//! Caches: reading through, filling once, invalidating, and swapping snapshots.

use super::rt;

pub mod bounded_eviction;
pub mod crossed_shards;
pub mod evicted_in_use;
pub mod negative_cache;
pub mod per_key_once;
pub mod read_through;
pub mod recency_under_read_lock;
pub mod single_flight;
pub mod snapshot_swap;
pub mod stale_refill;
pub mod two_lock_invariant;
pub mod upgrade_race;
