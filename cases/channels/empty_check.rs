//! "It is not empty" is true until somebody else receives.
//!
//! Shape: two consumers share a queue that holds one message. Each looks whether there is one, and
//! receives if so. Between the look and the receive the other one may take it, and then the second
//! waits for a message that nobody sends. `try_recv` looks and takes in one step.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3 (atomicity violations).
//! Does not show: `len` and `is_empty` being useless; they are good for metrics.

use super::rt::crossbeam::channel;
use super::rt::thread;

cases! {
    /// The message that was seen has gone to the other consumer.
    look_then_receive: fails(Deadlock) => consume(|receiver| {
        if !receiver.is_empty() {
            receiver.recv().unwrap();
        }
    });
    /// Looking and taking are one step.
    try_receive: holds() => consume(|receiver| _ = receiver.try_recv());
}

fn consume(take: fn(&channel::Receiver<u32>)) {
    let (sender, receiver) = channel::unbounded();
    sender.send(1).unwrap();
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| take(&receiver));
        }
    });
    assert!(receiver.is_empty(), "somebody saw the message and took it");
    drop(sender);
}
