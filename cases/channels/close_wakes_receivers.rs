//! Closing a channel ends every receiver; a message that says "stop" ends one.
//!
//! Shape: two workers take from one queue until there is no more work. Dropping the last sender is
//! seen by all of them, however many wait. A stop message is a message like any other: one worker
//! takes it and the other waits on. It takes one for each worker, or a worker that puts it back.
//!
//! Source: crossbeam::channel, documentation, section Disconnection.
//! Does not show: who does how much of the work.

use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The disconnection is seen by both workers.
    dropped: holds() => work(0, false);
    /// One stop message for two workers, while the sender lives.
    one_stop: fails(Deadlock) => work(1, true);
    /// A stop message for each worker.
    a_stop_each: holds() => work(2, true);
    /// One stop message that each worker passes on before it ends.
    stop_passed_on: holds() => pass_on();
}

fn work(stops: usize, keep: bool) {
    let (sender, receiver) = channel::unbounded();
    (0..stops).for_each(|_| sender.send(()).unwrap());
    let kept = keep.then_some(sender); // dropped here if it is not kept
    thread::scope(|s| {
        for _ in 0..2 {
            // A worker ends at the first stop message or at the disconnection.
            s.spawn(|| receiver.recv().is_ok());
        }
    });
    drop(kept);
}

fn pass_on() {
    let (sender, receiver) = channel::unbounded();
    sender.send(()).unwrap();
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                receiver.recv().unwrap();
                sender.send(()).unwrap();
            });
        }
    });
}
