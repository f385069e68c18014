//! Closing a channel ends every receiver; a message that says "stop" ends one.
//!
//! Shape: two workers take from one queue until there is no more work. A third thread drops the last
//! sender, which is seen by all of them, however many wait already when it goes. A stop message is
//! a message like any other: one worker takes it and the other waits on. It takes one for each
//! worker, or a worker that puts it back.
//!
//! Source: crossbeam::channel, documentation, section Disconnection.
//! Does not show: who does how much of the work.

use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The disconnection wakes both workers, if they wait, and is seen by both if they come later.
    dropped: holds() => work(0, false);
    /// One stop message for two workers, while a sender lives.
    one_stop: fails(Deadlock) => work(1, true);
    /// A stop message for each worker.
    a_stop_each: holds() => work(2, true);
    /// One stop message that each worker passes on before it ends.
    stop_passed_on: holds() => pass_on();
}

fn work(stops: usize, keep: bool) {
    let (sender, receiver) = channel::unbounded();
    (0..stops).for_each(|_| sender.send(()).unwrap());
    let (kept, last) = if keep { (Some(sender), None) } else { (None, Some(sender)) };
    thread::scope(|s| {
        for _ in 0..2 {
            // A worker ends at the first stop message or at the disconnection.
            s.spawn(|| receiver.recv().is_ok());
        }
        if let Some(last) = last {
            s.spawn(move || drop(last)); // while the workers wait, or before they come
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
