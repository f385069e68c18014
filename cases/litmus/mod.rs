//! Litmus tests: the smallest programs that tell memory models apart.

use super::rt;

pub mod coherence;
pub mod coherent_reads;
pub mod compare_exchange_failure;
pub mod dekker_entry;
pub mod dependent_load;
pub mod fences_without_flag;
pub mod hand_over_after_read;
pub mod independent_reads;
pub mod isa2;
pub mod load_buffering;
pub mod long_history;
pub mod message_passing;
pub mod message_passing_fences;
pub mod message_passing_rmw;
pub mod read_write_causality;
pub mod relaxed_is_not_plain;
pub mod release_sequence;
pub mod rmw_atomicity;
pub mod shape_r;
pub mod shape_r_swaps;
pub mod shape_s;
pub mod stale_rmw;
pub mod store_buffering;
pub mod store_buffering_fences;
pub mod store_buffering_rmw;
pub mod store_forwarding;
pub mod two_plus_two_writes;
pub mod w_rwc;
pub mod weak_compare_exchange;
pub mod write_read_causality;
pub mod z6_3;
pub mod z6_u;
