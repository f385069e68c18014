//! A merge of two channels ends when both are closed, and one that is closed has to leave the wait.
//!
//! Shape: of two channels one has a message and is closed; into the other one a message is sent while the
//! receiver takes from whichever is ready. A closed channel is always ready: in Go it gives a zero, in Rust
//! an error. Who ends at the first close, or takes the zero for a message, misses one that comes. Who goes
//! on looking at the closed channel first never comes to the other. In Go one sets it to `nil`, which is never ready.
//!
//! Source: The Go Programming Language Specification, sections Receive operator and Select statements;
//! crossbeam::channel, documentation, sections Disconnection and Selection.
//! Does not show: a `select` that chooses at random, which merely spins in the last case.

use super::rt::sync::mpsc::{Receiver, TryRecvError, channel};
use super::rt::{hint, thread};

cases! {
    /// A closed channel is taken out, and the receiver waits for the other one.
    taken_out: holds() => merge(|both| {
        let (mut open, mut sum) = (both.to_vec(), 0);
        while !open.is_empty() {
            match first_ready(&open) {
                (_, Some(message)) => sum += message,
                (closed, None) => drop(open.remove(closed)),
            }
        }
        sum
    });
    /// The first close is taken for the end.
    first_close_ends: fails(Assertion) => merge(|both| {
        let mut sum = 0;
        while let (_, Some(message)) = first_ready(&both) {
            sum += message;
        }
        sum
    });
    /// Two messages are expected, and a close is taken for one of them.
    close_counted: fails(Assertion) => merge(|both| {
        (0..2).map(|_| first_ready(&both).1.unwrap_or_default()).sum()
    });
    /// The left channel is closed, and so it is ready; and it is looked at first.
    closed_left_in: fails(Livelock).misses(Loom, NoLivelockDetection) => merge(|both| {
        let mut sum = 0;
        while sum < 2 {
            sum += first_ready(&both).1.unwrap_or_default();
            hint::spin_loop();
        }
        sum
    });
}

/// Waits for a message or a close, and says of which; the first of them if several are ready.
fn first_ready(open: &[&Receiver<u32>]) -> (usize, Option<u32>) {
    loop {
        for (at, receiver) in open.iter().enumerate() {
            match receiver.try_recv() {
                Ok(message) => return (at, Some(message)),
                Err(TryRecvError::Disconnected) => return (at, None),
                Err(TryRecvError::Empty) => {}
            }
        }
        thread::park();
    }
}

/// The sum of the messages that `receive` gets, each of which is 1.
fn merge(receive: fn([&Receiver<u32>; 2]) -> u32) {
    let ((to_left, left), (to_right, right)) = (channel(), channel());
    to_left.send(1).unwrap();
    drop(to_left);
    thread::scope(|s| {
        let receiver =
            s.spawn(move || assert_eq!(receive([&left, &right]), 2, "a message is lost"));
        let waiting = receiver.thread().clone();
        s.spawn(move || {
            to_right.send(1).unwrap();
            drop(to_right);
            waiting.unpark(); // after the message and the close, so that neither is missed
        });
    });
}
