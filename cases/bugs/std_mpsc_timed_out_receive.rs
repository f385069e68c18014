//! What comes after a time-out is not the message that a receiver counted as its own.
//!
//! Shape: a channel counts its messages, and before a receiver sleeps it takes one off, in advance,
//! for the message that will wake it. What it then receives is therefore not taken off again. A
//! receiver whose time is up undoes the count; but it looks into the queue once more, and what came
//! meanwhile it did not take off either. So the count says one message more than there is, and the
//! next receiver, which goes by the count, finds nothing where something must be.
//!
//! Source: rust issues 39364 and 94518 (std::sync::mpsc, until pull request 93563).
//! Does not show: the queue without locks; the end of the senders; a channel that gets a second
//! sender while its receiver waits.

use core::time::Duration;
use std::collections::VecDeque;

use super::rt::sync::Mutex;
use super::rt::thread::{self, Thread};

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// As published: a receipt after a wait is not counted, however the wait ended.
    miscounted: fails(Assertion) => send_while_time_is_up(false);
    /// A receipt after a time-out is counted as any other.
    counted: holds() => send_while_time_is_up(true);
}

#[derive(Default)]
struct Channel {
    messages: VecDeque<u32>,
    /// Messages sent, less those known to be received; -1 while the receiver sleeps.
    count: i32,
    sleeper: Option<Thread>,
}

fn send(channel: &Mutex<Channel>, message: u32) {
    let mut channel = channel.lock().unwrap();
    channel.messages.push_back(message);
    channel.count += 1;
    if channel.count == 0 {
        channel.sleeper.take().unwrap().unpark();
    }
}

/// `received` are messages that are not taken off the count yet.
fn receive(channel: &Mutex<Channel>, received: &mut i32, timed: bool, fixed: bool) -> Option<u32> {
    let pop = |received: &mut i32| {
        let message = channel.lock().unwrap().messages.pop_front();
        *received += i32::from(message.is_some());
        message
    };
    if let Some(message) = pop(received) {
        return Some(message);
    }
    let mut locked = channel.lock().unwrap();
    locked.count -= core::mem::take(received) + 1;
    let sleeps = locked.count < 0;
    let mut timed_out = false;
    if sleeps {
        locked.sleeper = Some(thread::current());
        drop(locked);
        if timed {
            thread::park_timeout(A_MOMENT);
        }
        while !timed && channel.lock().unwrap().sleeper.is_some() {
            thread::park();
        }
        let mut locked = channel.lock().unwrap();
        timed_out = locked.sleeper.take().is_some();
        // It takes nothing off after all.
        locked.count += i32::from(timed_out);
    } else {
        drop(locked);
    }
    let message = pop(received);
    assert!(timed_out || message.is_some(), "a message is counted, and none is there");
    if message.is_some() && !(fixed && timed_out) {
        *received -= 1; // taken off in advance
    }
    message
}

fn send_while_time_is_up(fixed: bool) {
    let channel = Mutex::new(Channel::default());
    thread::scope(|s| {
        s.spawn(|| [1, 2].map(|message| send(&channel, message)));
        let mut received = 0;
        let first = receive(&channel, &mut received, true, fixed);
        let rest = if first.is_some() { 1 } else { 2 };
        (0..rest).for_each(|_| assert!(receive(&channel, &mut received, false, fixed).is_some()));
    });
}
