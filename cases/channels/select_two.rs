//! Waiting for whichever of two channels speaks first needs one wake-up for both.
//!
//! Shape: one of two channels gets a message; nobody knows which. The receiver tries both and then
//! parks; a sender sends and then unparks it. Unparking first lets the receiver look, find nothing
//! and park for good. Blocking on one channel after trying the other misses the other one's
//! message. And taking from both to return one loses the message that was not returned.
//!
//! Source: crossbeam::channel::Select, documentation; std::thread::park, documentation.
//! Does not show: fairness; this receiver prefers the left channel.

use super::rt::sync::mpsc::{self, Receiver};
use super::rt::thread;

type Both<'a> = (&'a Receiver<u32>, &'a Receiver<u32>);

cases! {
    /// Send, then unpark: whoever parks has been seen to.
    send_then_unpark: holds() => one_message(true, either);
    /// The token is used up before the message is there.
    unpark_then_send: fails(LostWakeup) => one_message(false, either);
    /// The message comes on the left channel, after it was tried.
    try_left_block_right: fails(Deadlock) => one_message(true, |(left, right)| {
        left.try_recv().or_else(|_| right.recv()).unwrap()
    });
    /// Each message is taken once and none is lost.
    take_one: holds() => two_messages(either);
    /// The right channel's message is taken and forgotten.
    take_both: fails(Assertion) => two_messages(|(left, right)| {
        loop {
            let (left, right) = (left.try_recv(), right.try_recv());
            if let Ok(message) = left.or(right) {
                return message;
            }
            thread::park();
        }
    });
}

fn either((left, right): Both<'_>) -> u32 {
    loop {
        if let Ok(message) = left.try_recv().or_else(|_| right.try_recv()) {
            return message;
        }
        thread::park();
    }
}

fn one_message(send_first: bool, select: fn(Both<'_>) -> u32) {
    let (to_left, left) = mpsc::channel();
    let (to_right, right) = mpsc::channel();
    thread::scope(|s| {
        let receiver = s.spawn(move || assert_eq!(select((&left, &right)), 1));
        let waiting = receiver.thread().clone();
        s.spawn(move || {
            if !send_first {
                waiting.unpark();
            }
            to_left.send(1).unwrap();
            if send_first {
                waiting.unpark();
            }
        });
    });
    drop(to_right); // open and silent until here
}

fn two_messages(select: fn(Both<'_>) -> u32) {
    let (to_left, left) = mpsc::channel();
    let (to_right, right) = mpsc::channel();
    to_left.send(1).unwrap();
    let (first, left, right) = thread::scope(|s| {
        s.spawn(|| to_right.send(2).unwrap());
        s.spawn(move || (select((&left, &right)), left, right)).join().unwrap()
    });
    let rest: u32 = left.try_iter().chain(right.try_iter()).sum();
    assert_eq!(first + rest, 3, "a message is lost");
}
