//! A value that was put into a receiver's hand must go back when the receiver is dropped.
//!
//! Shape: a task selects from two channels. A sender that finds a receiver waiting puts its value
//! straight into that receiver. Both senders do; the select takes one value and drops the other
//! receiver, and with it what it held, though that was sent with success. Its drop has to put the
//! value back, or a receiver is only told that there is something, and takes it when it is polled.
//!
//! Source: kanal issue 50 (bounded_async and select!, 2024).
//! Does not show: senders that wait for room.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;

use super::rt::future::block_on;
use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// As published: it is dropped with the receiver.
    dropped: fails(Assertion) => select_of_two(false);
    /// The receiver puts back what it has not delivered.
    put_back: holds() => select_of_two(true);
}

#[derive(Default)]
struct State {
    sent: VecDeque<u32>,
    /// The receiver that waits, and what was put into its hand.
    hand: Option<(Waker, Option<u32>)>,
}

type Channel = Mutex<State>;

fn send(channel: &Channel, value: u32) {
    let mut state = channel.lock().unwrap();
    match &mut state.hand {
        Some((waker, hand)) if hand.is_none() => {
            *hand = Some(value);
            let waker = waker.clone();
            drop(state);
            waker.wake();
        }
        _ => state.sent.push_back(value),
    }
}

struct Receive<'a> {
    channel: &'a Channel,
    puts_back: bool,
}

impl Future for Receive<'_> {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        let mut state = self.channel.lock().unwrap();
        let handed = state.hand.take().and_then(|(_, value)| value);
        if let Some(value) = handed.or_else(|| state.sent.pop_front()) {
            return Poll::Ready(value);
        }
        state.hand = Some((context.waker().clone(), None));
        Poll::Pending
    }
}

impl Drop for Receive<'_> {
    fn drop(&mut self) {
        let mut state = self.channel.lock().unwrap();
        if let Some((_, Some(value))) = state.hand.take()
            && self.puts_back
        {
            state.sent.push_front(value);
        }
    }
}

async fn select(left: impl Future<Output = u32>, right: impl Future<Output = u32>) -> u32 {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|context| match left.as_mut().poll(context) {
        Poll::Pending => right.as_mut().poll(context),
        ready => ready,
    })
    .await
}

fn select_of_two(puts_back: bool) {
    let channels = [0; 2].map(|_| Channel::new(State::default()));
    let [left, right] = &channels;
    let taken = thread::scope(|s| {
        s.spawn(|| send(left, 1));
        s.spawn(|| send(right, 2));
        let receive = |channel| Receive { channel, puts_back };
        block_on(select(receive(left), receive(right)))
    });
    let rest = |channel: &Channel| channel.lock().unwrap().sent.iter().sum::<u32>();
    assert_eq!(taken + rest(left) + rest(right), 3, "a value is lost that was sent");
}
