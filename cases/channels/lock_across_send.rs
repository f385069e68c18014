//! A lock held across a blocking send deadlocks with a receiver that needs the lock.
//!
//! Shape: the sender holds a mutex while it waits for room; the receiver takes the mutex before it
//! receives. A channel with a bound is a resource that is waited for like a lock, so it takes its
//! place in the lock order. Sending after the lock is given up breaks the cycle.
//!
//! Source: Coffman, Elphick and Shoshani, Computing Surveys 3(2), 1971 (hold and wait).
//! Does not show: any warning; the same code works until the buffer is full at the wrong moment.

use super::rt::crossbeam::channel;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// The sender waits for room with the lock, the receiver waits for the lock.
    held: fails(Deadlock) => fill_and_drain(true);
    /// The lock is given up before the send.
    given_up: holds() => fill_and_drain(false);
}

fn fill_and_drain(hold: bool) {
    let (sender, receiver) = channel::bounded(1);
    sender.send(1).unwrap();
    let log = Mutex::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            let mut guard = log.lock().unwrap();
            *guard += 1;
            let held = hold.then_some(guard); // given up here if it is not held
            sender.send(2).unwrap();
            drop(held);
        });
        s.spawn(|| {
            *log.lock().unwrap() += 1;
            assert_eq!(receiver.recv(), Ok(1));
        });
    });
    assert_eq!(log.into_inner().unwrap(), 2);
}
