//! Stacks, queues and deques without locks.

use super::rt;

pub mod chase_lev_deque;
pub mod chase_lev_slot_reuse;
pub mod deque_buffer_swap;
pub mod harris_list;
pub mod intrusive_mpsc_queue;
pub mod michael_scott_queue;
pub mod treiber_index_aba;
pub mod treiber_orderings;
pub mod treiber_use_after_free;
pub mod two_lock_queue;
