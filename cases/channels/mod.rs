//! Channels: who gets which message, in which order, and what a disconnection means.

use super::rt;

pub mod back_pressure;
pub mod bounded_cycle;
pub mod broadcast_lag;
pub mod buffer_return;
pub mod channel_as_lock;
pub mod close_wakes_receivers;
pub mod empty_check;
pub mod last_sender_drop;
pub mod late_reply;
pub mod linked_block_discard;
pub mod lock_across_send;
pub mod merged_channels;
pub mod moved_message;
pub mod oneshot_channel;
pub mod producer_order;
pub mod receiver_drop;
pub mod rendezvous;
pub mod rendezvous_timed;
pub mod result_channel;
pub mod select_any;
pub mod select_two;
pub mod send_orders;
pub mod spsc_cached_index;
pub mod spsc_ring;
pub mod undelivered_reply;
pub mod vyukov_bounded_queue;
pub mod watch_latest;
