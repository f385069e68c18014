//! A thread's lock held across an await stops the executor when another task wants it.
//!
//! Shape: two tasks on one thread each take a blocking mutex; the first awaits while it holds it.
//! The second task blocks the thread, and with it the first task, which alone could unlock. A guard
//! that ends before the await is right; so is a lock whose wait is an await.
//!
//! Source: tokio's tutorial, section Shared state; clippy, `await_holding_lock`.
//! Does not show: that such a future is not `Send`, which keeps it from an executor of many
//! threads.

use super::executor::{run_both, yield_now};
use super::fair_lock::FairLock;
use super::rt::sync::Mutex;

cases! {
    /// The second task blocks the thread that the first one needs.
    guard_held: fails(Deadlock) => {
        let count = Mutex::new(0);
        run_both(add_awaiting(&count), add_awaiting(&count));
    };
    /// The guard is gone before the await.
    guard_dropped: holds() => {
        let count = Mutex::new(0);
        run_both(add_then_await(&count), add_then_await(&count));
        assert_eq!(count.into_inner().unwrap(), 2);
    };
    /// A task that waits for a task's lock lets the other task run.
    task_lock: holds() => {
        let lock = FairLock::new();
        run_both(hold_awaiting(&lock), hold_awaiting(&lock));
    };
}

#[allow(clippy::await_holding_lock, reason = "the flaw under test; it is seen for `std` alone")]
async fn add_awaiting(count: &Mutex<u32>) {
    let mut count = count.lock().unwrap(); // casebook: allow(guard-across-await) the flaw under test
    yield_now().await;
    *count += 1;
}

async fn add_then_await(count: &Mutex<u32>) {
    *count.lock().unwrap() += 1;
    yield_now().await;
}

async fn hold_awaiting(lock: &FairLock) {
    lock.acquire().await;
    yield_now().await;
    lock.release();
}
