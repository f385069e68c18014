//! Locks: mutual exclusion by hand, waiting, and the ways to wait for ever.

use super::rt;

pub mod barrier_parties;
pub mod bounded_spin;
pub mod clh_lock;
pub mod condvar_if_for_while;
pub mod condvar_notify_one;
pub mod condvar_wait;
pub mod dekker_lock;
pub mod double_checked;
pub mod downgrade;
pub mod early_return;
pub mod futex_mutex;
pub mod lazy_pointer;
pub mod lock_again;
pub mod lock_order;
pub mod mcs_lock;
pub mod once_by_hand;
pub mod park_token;
pub mod permit_pairs;
pub mod peterson;
pub mod philosophers;
pub mod poisoned_lock;
pub mod polled_lock;
pub mod read_lock_orders;
pub mod read_then_write;
pub mod recursive_read;
pub mod seqlock;
pub mod spin_barrier;
pub mod spin_lock;
pub mod spin_semaphore;
pub mod ticket_lock;
pub mod try_lock_back_off;
pub mod unpark_orders;
pub mod upgradable_read_lock;
pub mod writer_preferring_lock;
