//! After a rendezvous that timed out either the sender has the message, or the receiver.
//!
//! Shape: a channel without room; a sender and a receiver meet there, and either may give up. The
//! message is on one side or on the other, never on both and never on none. A sender that gives up
//! holds the message in the error: if it drops that, nobody has it. One that sends a copy again,
//! though the first was accepted, has sent it twice.
//!
//! Source: crossbeam::channel, documentation of `Sender::send_timeout` and of channels of zero
//! capacity.
//! Does not show: how long either waits; that both give up though they were there together.

use core::time::Duration;

use super::rt::crossbeam::channel::{self, Receiver, SendTimeoutError, Sender};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// What the sender has back, if it gives up, and what the receiver got.
    sender_gives_up: observes()
        .required([(None, Some(7)), (Some(7), None)])
        => meet(|sender| {
            sender.send_timeout(7, A_MOMENT).err().map(SendTimeoutError::into_inner)
        }, |receiver| receiver.recv().ok());
    /// The same, where the receiver gives up.
    receiver_gives_up: observes()
        .required([(None, Some(7)), (Some(7), None)])
        => meet(|sender| sender.send(7).err().map(|error| error.0), |receiver| {
            receiver.recv_timeout(A_MOMENT).ok()
        });
    /// The message that came back is sent again.
    sent_again: holds() => one_gets_it(|sender| {
        if let Err(SendTimeoutError::Timeout(message)) = sender.send_timeout(7, A_MOMENT) {
            sender.send(message).unwrap();
        }
    });
    /// The error is dropped, and the message in it.
    dropped_with_error: fails(Assertion) => one_gets_it(|sender| {
        _ = sender.send_timeout(7, A_MOMENT);
    });
}

fn meet<S: Send>(
    send: impl FnOnce(&Sender<u32>) -> S + Send,
    receive: fn(&Receiver<u32>) -> Option<u32>,
) -> (S, Option<u32>) {
    let (sender, receiver) = channel::bounded(0);
    thread::scope(|s| {
        let sent = s.spawn(move || send(&sender));
        let received = s.spawn(move || receive(&receiver));
        (sent.join().unwrap(), received.join().unwrap())
    })
}

fn one_gets_it(send: fn(&Sender<u32>)) {
    let (_, received) = meet(send, |receiver| receiver.recv().ok());
    assert_eq!(received, Some(7));
}
