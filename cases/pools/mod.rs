//! Pools: threads that share work, and how they end.

use super::rt;

pub mod applied_twice;
pub mod awaited_panic;
pub mod connection_server;
pub mod detached_waiter;
pub mod failing_job;
pub mod fork_join;
pub mod graceful_shutdown;
pub mod joined_output;
pub mod keep_alive;
pub mod lifo_slot;
pub mod metered_pipeline;
pub mod panicking_job;
pub mod parallel_sum;
pub mod pipeline_config;
pub mod scoped_borrow;
pub mod shared_receiver;
pub mod stop_flag_poll;
pub mod thread_pool;
pub mod two_runtimes;
pub mod wait_group;
pub mod worker_pool;
