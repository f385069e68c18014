//! The registry: every case file stands in this tree of `pub mod` lines, once.

use super::rt;

pub mod asynchronous;
pub mod bugs;
pub mod caches;
pub mod channels;
pub mod counters;
pub mod litmus;
pub mod locks;
pub mod pools;
pub mod queues;
pub mod reclamation;
