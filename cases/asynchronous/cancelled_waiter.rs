//! A waiter that is cancelled must pass on what was already handed to it.
//!
//! Shape: a lock goes from its holder straight to the first waiter. A waiter that loses a race
//! against something else, as in a `select`, is dropped; if the lock was handed to it just before,
//! its drop must release the lock, or it belongs to nobody for ever. A waiter that is dropped
//! before only leaves the queue.
//!
//! Source: tokio's docs, `select!`, section Cancellation safety; tokio's semaphore (permits handed
//! over).
//! Does not show: work that a cancelled task leaves half done.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use super::fair_lock::{Acquire, FairLock};
use super::rt::future::block_on;
use super::rt::thread;

cases! {
    /// Dropped early it leaves the queue, dropped late it hands the lock on.
    passed_on: holds() => cancel(FairLock::acquire);
    /// Handed over to a waiter that is no more: the next one waits for ever.
    forgotten: fails(LostWakeup) => cancel(FairLock::acquire_untidily);
}

fn cancel(acquire: for<'a> fn(&'a FairLock) -> Acquire<'a>) {
    let lock = FairLock::new();
    thread::scope(|s| {
        block_on(lock.acquire());
        s.spawn(|| lock.release());
        s.spawn(|| {
            block_on(async {
                if poll_once(acquire(&lock)).await.is_pending() {
                    lock.acquire().await;
                }
                lock.release();
            });
        });
    });
}

/// Polls a future once and drops it: what a `select` does whose other branch is ready.
async fn poll_once(future: impl Future<Output = ()>) -> Poll<()> {
    let mut future = pin!(future);
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}
