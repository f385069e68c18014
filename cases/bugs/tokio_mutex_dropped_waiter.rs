//! A waiter that gives up must take its place in the queue with it.
//!
//! Shape: a lock is handed to the first of those who wait. One of them gives up (its future is
//! dropped) and stays in the queue. The unlock hands the lock to it, nobody is there to pass it on,
//! and the next waiter waits for ever. Giving up has to leave the queue, and if the lock was handed
//! over already, to pass it on.
//!
//! Source: tokio issue 1898 and pull request 1902 (the mutex of tokio 0.2).
//! Does not show: the waiting; a lock that is not handed to the waiter is its deadlock.

use std::collections::VecDeque;

use super::rt::sync::Mutex;
use super::rt::thread;

const QUITTER: u32 = 1;
const WAITER: u32 = 2;

cases! {
    /// As published: who gives up stays in the queue.
    stays: fails(Assertion) => unlock_while_one_gives_up(|_| ());
    /// It leaves the queue, but not with what it has been given.
    leaves: fails(Assertion)
        => unlock_while_one_gives_up(|lock| lock.queue.retain(|id| *id != QUITTER));
    /// As fixed: it leaves the queue, or passes the lock on.
    passes_on: holds() => unlock_while_one_gives_up(|lock| {
        lock.queue.retain(|id| *id != QUITTER);
        if lock.owner == Some(QUITTER) {
            lock.owner = lock.queue.pop_front();
        }
    });
}

struct Lock {
    owner: Option<u32>,
    queue: VecDeque<u32>,
}

fn unlock_while_one_gives_up(give_up: fn(&mut Lock)) {
    let queue = VecDeque::from([QUITTER, WAITER]);
    let lock = Mutex::new(Lock { owner: Some(0), queue });
    thread::scope(|s| {
        s.spawn(|| {
            // The owner unlocks.
            let mut lock = lock.lock().unwrap();
            lock.owner = lock.queue.pop_front();
        });
        s.spawn(|| give_up(&mut lock.lock().unwrap()));
    });
    let owner = lock.into_inner().unwrap().owner;
    assert_eq!(owner, Some(WAITER), "the lock is nobody's, and one still waits for it");
}
