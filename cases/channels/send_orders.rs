//! A channel orders the send of a message before its receipt, and unrelated users of it not at all.
//!
//! Shape: a thread writes plain data and sends. Another one that knows of it, by a Relaxed flag, sends to
//! the same channel, and reads the data: two senders have nothing to hand over to each other. The thread
//! that receives the message may read the data. One that only learns that the channel is closed may not, by
//! no promise: Go makes a close an order, and no Rust channel says what the drop of its last sender orders.
//!
//! Source: `std::sync::mpsc` documentation, which promises no order but what handing a value over
//! needs; crossbeam::channel, documentation; The Go Memory Model, 2022, section Channel communication
//! (a language that says which: the k-th send and the k-th receive, and a close).
//! Does not show: a channel whose code orders more, as a queue under a mutex does.

use super::rt::cell::UnsafeCell;
use super::rt::sync::atomic::{AtomicBool, Ordering::*};
use super::rt::sync::mpsc::channel;
use super::rt::thread;

cases! {
    /// A second sender is not behind the first.
    sender_to_sender: fails(DataRace).misses(Loom, LocksOrderAll) => by_another_send();
    /// That the last sender is gone is no message.
    close_to_receiver: fails(DataRace).misses(Loom, LocksOrderAll) => by_close();
    /// Who receives the message is behind its sender.
    sender_to_receiver: holds() => by_receipt();
}

fn by_another_send() {
    let (sender, _receiver) = channel();
    let (said, data, other) = (AtomicBool::new(false), UnsafeCell::new(0), sender.clone());
    let (said, data) = (&said, &data);
    thread::scope(|s| {
        s.spawn(move || {
            // SAFETY: the other thread reads without an order after this write: the race that is claimed.
            data.with_mut(|p| unsafe { *p = 1 });
            sender.send(1).unwrap();
            said.store(true, Relaxed); // Relaxed: it tells, and orders nothing
        });
        s.spawn(move || {
            // Relaxed: it only learns that the first send was made; an Acquire here would order the data.
            if said.load(Relaxed) {
                other.send(2).unwrap();
                // SAFETY: nothing puts this read behind the write: the race that is claimed.
                data.with(|p| unsafe { *p });
            }
        });
    });
}

fn by_close() {
    let ((sender, receiver), data) = (channel::<u32>(), UnsafeCell::new(0));
    let data = &data;
    thread::scope(|s| {
        s.spawn(move || {
            // SAFETY: the other thread reads when the sender is gone, with no promise that it is after this write:
            // the race that is claimed.
            data.with_mut(|p| unsafe { *p = 1 });
            drop(sender);
        });
        s.spawn(move || {
            assert!(receiver.recv().is_err(), "nobody has sent");
            // SAFETY: nothing puts this read behind the write: the race that is claimed.
            data.with(|p| unsafe { *p });
        });
    });
}

fn by_receipt() {
    let ((sender, receiver), data) = (channel(), UnsafeCell::new(0));
    let data = &data;
    thread::scope(|s| {
        s.spawn(move || {
            // SAFETY: the receiver reads after the message, which this thread sends afterwards.
            data.with_mut(|p| unsafe { *p = 1 });
            sender.send(1).unwrap();
        });
        s.spawn(move || {
            assert_eq!(receiver.recv(), Ok(1));
            // SAFETY: the message was sent after the write.
            assert_eq!(data.with(|p| unsafe { *p }), 1);
        });
    });
}
