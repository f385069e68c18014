//! The answer to a question that was given up comes late, and is not the next one's.
//!
//! Shape: a client asks, waits for the reply with a time-out, and asks again. The server answers
//! every question in turn. With one channel for all replies the late one is the first to be read. A
//! reply that names its question can be told apart; or each question brings a channel of its own,
//! which is gone when nobody waits any more.
//!
//! Source: Erlang/OTP documentation, 2022, `gen_server:call/3` (late replies before OTP 24);
//! kode-bridge pull request 27 (2026).
//! Does not show: a question that has to be answered once although it was asked twice.

use core::time::Duration;

use super::rt::sync::mpsc;
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// As published in kode-bridge: the connection is used again, with the old reply under way.
    one_channel: fails(Assertion) => ask_twice(true, |replies, _| replies.recv().unwrap().1);
    /// A reply to another question is thrown away.
    numbered: holds() => ask_twice(true, |replies, number| {
        replies.iter().find(|reply| reply.0 == number).unwrap().1
    });
    /// The reply to the first question has nowhere to go.
    channel_each: holds() => ask_twice(false, |replies, _| replies.recv().unwrap().1);
}

/// Waits for the reply to the question of that number.
type Wait = fn(&mpsc::Receiver<(u32, u32)>, u32) -> u32;

fn ask_twice(one_channel: bool, wait: Wait) {
    let (reply_to, mut replies) = mpsc::channel();
    thread::scope(|s| {
        let mut second = reply_to.clone();
        // Nobody may wait for the first reply any more.
        s.spawn(move || _ = reply_to.send((1, 10)));
        if replies.recv_timeout(A_MOMENT).is_ok() {
            return;
        }
        if !one_channel {
            (second, replies) = mpsc::channel();
        }
        // The second server is quick; who sends its reply is all the same.
        second.send((2, 20)).unwrap();
        assert_eq!(wait(&replies, 2), 20, "the answer to another question");
    });
}
