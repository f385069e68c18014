//! Reclamation: freeing memory that others may still read.

use super::rt;

pub mod arc_by_hand;
pub mod arc_new_cyclic;
pub mod arc_uniqueness;
pub mod boxed_replacement;
pub mod epoch_reclamation;
pub mod hazard_pointer;
pub mod left_right;
pub mod list_delete;
pub mod paid_debt;
pub mod quiescent_state;
pub mod thread_local_participant;
pub mod weak_count_unlock;
pub mod weak_upgrade;
