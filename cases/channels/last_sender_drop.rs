//! A receive loop ends when the last sender is dropped: neither before nor without it.
//!
//! Shape: a worker sends and ends; a collector receives until the channel is disconnected. The
//! sender that the worker's was cloned from counts as well: kept alive, it leaves the collector
//! waiting for ever. And "nothing there now" is not the end: who takes an empty channel for a
//! finished one loses what is still to come.
//!
//! Source: crossbeam::channel, documentation, section Disconnection (std::sync::mpsc is the same).
//! Does not show: a sender that is leaked; it keeps the channel open as a living one does.

use super::rt::crossbeam::channel::{self, TryRecvError};
use super::rt::thread;

cases! {
    /// The last sender's drop ends the loop, after everything sent has been received.
    dropped: holds() => collect(false);
    /// The clone's origin is still alive while its owner waits for the collector.
    origin_kept: fails(Deadlock) => collect(true);
    /// A moment without a message is waited out, until there never will be one.
    empty_is_not_the_end: holds() => poll(TryRecvError::Disconnected);
    /// The first empty moment is taken for the end.
    empty_taken_for_the_end: fails(Assertion) => poll(TryRecvError::Empty);
}

fn collect(keep: bool) {
    let (origin, receiver) = channel::unbounded();
    let worker = origin.clone();
    let kept = keep.then_some(origin); // dropped here if it is not kept
    thread::scope(|s| {
        s.spawn(move || worker.send(7).unwrap());
        let sum = s.spawn(|| receiver.iter().sum::<u32>());
        assert_eq!(sum.join().unwrap(), 7);
        drop(kept);
    });
}

fn poll(end: TryRecvError) {
    let (sender, receiver) = channel::unbounded();
    thread::scope(|s| {
        s.spawn(move || sender.send(7).unwrap());
        let sum = s.spawn(|| {
            let mut sum = 0;
            loop {
                match receiver.try_recv() {
                    Ok(message) => sum += message,
                    Err(nothing) if nothing == end => return sum,
                    Err(TryRecvError::Disconnected) => return sum,
                    Err(TryRecvError::Empty) => match receiver.recv() {
                        Ok(message) => sum += message,
                        Err(_) => return sum,
                    },
                }
            }
        });
        assert_eq!(sum.join().unwrap(), 7, "a message is lost");
    });
}
