//! A bounded channel keeps its producer within reach of the consumer; an unbounded one does not.
//!
//! Shape: a buffer for one message is full. A producer sends one more, while a consumer takes one.
//! With a bound the send waits for the room that the receive makes, so the backlog never grows;
//! without one the backlog is as long as the producer is ahead. A producer that must not wait has
//! `try_send`, and then the message that finds no room is lost unless the producer keeps it.
//!
//! Source: crossbeam::channel::bounded and Sender::try_send, documentation.
//! Does not show: memory running out, which is what the unbounded twin comes to.

use super::rt::crossbeam::channel::{self, Receiver, Sender, TrySendError};
use super::rt::thread;

cases! {
    /// The send waits while the buffer is full.
    bounded: holds() => one_more(channel::bounded(1), |sender| {
        sender.send(2).unwrap();
        assert!(sender.len() <= 1, "the backlog grows");
    });
    /// Nothing makes the producer wait.
    unbounded: fails(Assertion) => one_more(channel::unbounded(), |sender| {
        sender.send(2).unwrap();
        assert!(sender.len() <= 1, "the backlog grows");
    });
    /// The producer keeps a message that finds no room, and waits with it.
    kept: holds() => one_more(channel::bounded(1), |sender| {
        if let Err(TrySendError::Full(message)) = sender.try_send(2) {
            sender.send(message).unwrap();
        }
    });
    /// The producer drops a message that finds no room.
    shed: fails(Assertion) => one_more(channel::bounded(1), |sender| _ = sender.try_send(2));
}

fn one_more((sender, receiver): (Sender<u32>, Receiver<u32>), send: fn(&Sender<u32>)) {
    sender.send(1).unwrap();
    thread::scope(|s| {
        s.spawn(|| send(&sender));
        s.spawn(|| receiver.recv().unwrap());
    });
    assert_eq!(receiver.try_iter().count(), 1, "the second message is lost");
}
