//! Asynchronous code: wakers, cancellation and executors.

use super::rt;

pub mod alternating_tasks;
pub mod atomic_waker;
pub mod block_on_loop;
pub mod cancelled_waiter;
pub mod executor;
pub mod fair_lock;
pub mod futurelock;
pub mod guard_across_await;
pub mod half_done_future;
pub mod hand_off_lock;
pub mod oneshot_future;
pub mod starved_executor;
pub mod stored_notification;
pub mod waker_registration;
