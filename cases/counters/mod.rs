//! Counters: from the plain data race to the orderings a count really needs.

use super::rt;

pub mod alternating_turns;
pub mod compare_exchange_counter;
pub mod completion_count;
pub mod high_water_mark;
pub mod id_allocator;
pub mod last_reference;
pub mod lost_update;
pub mod metrics_snapshot;
pub mod mutex_counter;
pub mod narrow_count;
pub mod racing_counter;
pub mod rwlock_counter;
pub mod sharded_counter;
pub mod thread_local_counts;
pub mod torn_pair;
