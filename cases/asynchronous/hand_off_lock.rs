//! A lock that is handed to a waiting task must stay locked on the way, and the task must be woken.
//!
//! Shape: two threads each run a task that takes a fair lock and changes plain data. Releasing
//! takes the first waiter out of the queue, and that makes it the owner. If the lock is opened as
//! well, somebody who comes in between takes it too, and there are two owners. If the waiter is not
//! woken, the lock belongs to a task that sleeps.
//!
//! Source: tokio's docs, `sync::Mutex` (first in, first out).
//! Does not show: the price of fairness, which is a switch of tasks at each hand-over.

use super::fair_lock::FairLock;
use super::rt::cell::UnsafeCell;
use super::rt::future::block_on;
use super::rt::thread;

cases! {
    /// Locked all the way from one owner to the next.
    handed_over: holds() => take_turns(FairLock::release);
    /// The waiter owns the lock and sleeps.
    not_woken: fails(Deadlock) => take_turns(|lock| drop(lock.pass(true)));
    /// The waiter believes that it owns the lock, and so does whoever took it meanwhile.
    opened_on_the_way: fails(DataRace) => take_turns(|lock| {
        if let Some(waker) = lock.pass(false) {
            waker.wake();
        }
    });
}

fn take_turns(release: fn(&FairLock)) {
    let (lock, count) = (FairLock::new(), UnsafeCell::new(0));
    thread::scope(|s| {
        for turns in [2, 1] {
            let (lock, count) = (&lock, &count);
            s.spawn(move || {
                for _ in 0..turns {
                    block_on(lock.acquire());
                    // SAFETY: the lock stays locked on its way to the next owner, so there is one;
                    // opened on the way, it can be taken by the other task as well.
                    count.with_mut(|c| unsafe { *c += 1 });
                    release(lock);
                }
            });
        }
    });
    assert_eq!(count.into_inner(), 3);
}
