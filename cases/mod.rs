//! The registry: every case file stands in this tree of `pub mod` lines, once.
//!
//! Each engine's corpus is a package of its own, `src/corpus/*`, that compiles this tree over the facade
//! it calls `rt`.

use ::rt;

/// The packages stand three folders below the workspace's root, from where files are named.
macro_rules! cases {
    ($($cases:tt)+) => { casebook_core::cases! { in "/../../.."; $($cases)+ } };
}

mod asynchronous;
mod bugs;
mod caches;
mod channels;
mod counters;
mod litmus;
mod locks;
mod objects;
mod pools;
mod queues;
mod reclamation;
