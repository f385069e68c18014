//! A future that is kept but not polled can hold a place, or a lock, that its own task waits for.
//!
//! Shape: a task starts to wait for a fair lock, turns to something else, and there waits for the
//! same lock. The holder hands the lock to the first wait, which nobody polls any more; the second
//! wait stands behind it in the queue. Dropping the first wait, or polling it to its end, frees the
//! way. Nothing blocks a thread: each future only waits for its turn.
//!
//! Source: Oxide RFD 609, 2025; tokio issue 6450.
//! Does not show: which form of `select` keeps its loser; one by reference does.

use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::Poll;

use super::executor::{run_both, yield_now};
use super::fair_lock::{Acquire, FairLock};

cases! {
    /// The first wait is handed the lock, and its task's wake-up finds only the second: tokio issue
    /// 6450.
    kept: fails(LostWakeup) => wait_twice(async |lock, first| {
        lock.acquire().await;
        drop(first);
    });
    /// The first wait is gone before the second begins.
    dropped: holds() => wait_twice(async |lock, first| {
        drop(first);
        lock.acquire().await;
    });
    /// The first wait is awaited to its end.
    finished: holds() => wait_twice(async |_, first| first.await);
}

type First<'a> = Pin<Box<Acquire<'a>>>;

fn wait_twice(go_on: impl for<'a> AsyncFn(&'a FairLock, First<'a>)) {
    let lock = FairLock::new();
    run_both(hold(&lock), async {
        let mut first = Box::pin(lock.acquire());
        poll_once(first.as_mut()).await;
        go_on(&lock, first).await;
        lock.release();
    });
}

/// Keeps the lock while the other task begins to wait.
async fn hold(lock: &FairLock) {
    lock.acquire().await;
    yield_now().await;
    lock.release();
}

/// Begins to wait, and turns to something else.
async fn poll_once(mut wait: Pin<&mut Acquire<'_>>) {
    poll_fn(|context| {
        assert_eq!(wait.as_mut().poll(context), Poll::Pending);
        Poll::Ready(())
    })
    .await;
}
